package gooddiscard

import (
	"context"
	"testing"
)

// TestCancel wants a function to call.
func TestCancel(t *testing.T) {
	_, cancel := context.WithCancel(context.Background())
	cancel()
}
