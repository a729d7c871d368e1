package goodspin

import "testing"

// TestBusy keeps a processor busy on purpose.
func TestBusy(t *testing.T) {
	stop := make(chan struct{})
	go close(stop)
	for {
		select {
		case <-stop:
			return
		default:
		}
	}
}
