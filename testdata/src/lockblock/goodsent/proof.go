//go:build proof

package goodsent

import "time"

// claim: none
func driveAll() {
	for range 50 {
		NewSender(time.Microsecond).Close()
		p := NewPool(2)
		p.Submit(func() {})
		p.Close()
		l, r, s, o := NewLog(), NewReader(), NewSpread(), NewPost()
		for i := range 20 {
			l.Print("a")
			r.Put(i)
			s.Put(i)
			o.Put(i)
		}
		l.Stop()
		r.Stop()
		s.Stop()
		o.Stop()
		NewCrew([]string{"a", "b"}).Call()
	}
}
