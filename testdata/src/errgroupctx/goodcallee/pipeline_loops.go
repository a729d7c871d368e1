package goodcallee

// readLoop is good: it reads and sends until the group ends.
func (p *pipeline) readLoop() error {
	defer close(p.ch)
	for {
		x, err := p.read(p.gctx)
		if err != nil {
			return err
		}
		select {
		case p.ch <- x:
		case <-p.gctx.Done():
			return p.gctx.Err()
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
