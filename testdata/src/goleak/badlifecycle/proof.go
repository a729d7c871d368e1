//go:build proof

package badlifecycle

import (
	"errors"
	"io"
	"os"
	"time"
)

var errRefused = errors.New("refused")

// claim: leak worker.start
func driveAudit() { Audit([]string{"a", "b"}, func(string) {}) }

// claim: leak worker.start
func driveAuditUnless() {
	AuditUnless([]string{"a"}, func(string) error { return errRefused }, func(string) {})
}

// claim: leak filePipeline.run
func driveOpenLog() {
	OpenLog(os.TempDir(), 8, func(string) (*os.File, error) { return nil, errRefused })
}

// claim: leak Reporter.Stop
func driveDuring() {
	go During(func() { time.Sleep(20 * time.Millisecond) }, time.Millisecond, func() error { return errRefused })
}

// claim: leak Sampling
func driveSampling() { Sampling(func() { time.Sleep(5 * time.Millisecond) }, func() {}) }

// claim: leak subscribe
func driveReplay() { Replay([]string{"a"}, func(string) error { return errRefused }, func(string) {}) }

// claim: leak Heartbeat.run
func driveBeats() { Beats(2, func() {}) }

// claim: leak Follow
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
