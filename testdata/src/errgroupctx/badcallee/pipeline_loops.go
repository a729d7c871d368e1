package badcallee

// readLoop is bad: when writing fails, the read and the send go on waiting for the owner's end.
func (p *pipeline) readLoop() error {
	defer close(p.ch)
	for {
		x, err := p.read(p.ctx) // want "parent"
		if err != nil {
			return err
		}
		select {
		case p.ch <- x:
		case <-p.ctx.Done(): // want "parent"
			return p.ctx.Err()
		}
	}
}

func (p *pipeline) writeLoop() error {
	for x := range p.ch {
		if err := p.write(p.gctx, x); err != nil {
			return err
		}
	}
	return nil
}
