//go:build proof

package goodlifecycle

import (
	"errors"
	"io"
	"os"
	"time"
)

var errRefused = errors.New("refused")

// claim: none
func driveAudit() { Audit([]string{"a", "b"}, func(string) {}) }

// claim: none
func driveAuditUnless() {
	AuditUnless([]string{"a"}, func(string) error { return errRefused }, func(string) {})
}

// claim: none
func driveOpenLog() {
	OpenLog(os.TempDir(), 8, func(string) (*os.File, error) { return nil, errRefused })
}

// claim: none
func driveDuring() {
	During(func() { time.Sleep(20 * time.Millisecond) }, time.Millisecond, func() error { return errRefused })
}

// claim: none
func driveSampling() { Sampling(func() { time.Sleep(5 * time.Millisecond) }, func() {}) }

// claim: none
func driveReplay() { Replay([]string{"a"}, func(string) error { return errRefused }, func(string) {}) }

// claim: none
func driveBeats() { Beats(2, func() {}) }

// claim: none
func driveSubscribe() { Subscribe(func(string) {}).Cancel() }

// claim: none
func driveWithCache() { WithCache(func(*Cache) {}, func() {}) }

// claim: none
func driveFollow() {
	r, _ := io.Pipe()
	quit := make(chan struct{})
	close(quit)
	Follow(slowly{r}, quit, func([]byte) {})
}

// slowly reads as if from afar.
type slowly struct{ io.ReadCloser }

func (s slowly) Read(p []byte) (int, error) {
	time.Sleep(10 * time.Millisecond)
	return s.ReadCloser.Read(p)
}
