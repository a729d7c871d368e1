package goodbreak

// A Topic renews the channel that tells of a change while its loop runs.
type Topic struct {
	changed chan struct{}
	stop    chan struct{}
	seen    int
}

func NewTopic() *Topic {
	t := &Topic{changed: make(chan struct{}), stop: make(chan struct{})}
	go t.loop()
	return t
}

func (t *Topic) loop() {
	for {
		select {
		case <-t.changed:
			t.seen++
			continue
		case <-t.stop:
			return
		}
	}
}

// Change closes the channel and makes another.
func (t *Topic) Change() {
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *Topic) Stop() { close(t.stop) }
