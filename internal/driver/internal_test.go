package driver

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, "prog", true)
		shown := func() string {
			synctest.Wait()
			p.mu.Lock()
			defer p.mu.Unlock()
			return out.String()
		}
		p.begin(3)
		p.step()
		time.Sleep(progressDelay - time.Millisecond)
		if got := shown(); got != "" {
			t.Errorf("before the delay: %q", got)
		}
		time.Sleep(2 * time.Millisecond)
		if got, want := shown(), "prog: 1 of 3 packages, 2s"; got != want {
			t.Errorf("after the delay: got %q, want %q", got, want)
		}
		for range 5 {
			p.step() // more than there are, as when results are replayed
		}
		time.Sleep(time.Second)
		if got, want := shown(), "\r\x1b[Kprog: 3 of 3 packages, 3s"; !strings.HasSuffix(got, want) {
			t.Errorf("later: got %q, want suffix %q", got, want)
		}
		p.Write([]byte("note\n"))
		if got, want := shown(), "\r\x1b[Knote\n"; !strings.HasSuffix(got, want) {
			t.Errorf("note: got %q, want suffix %q", got, want)
		}
		p.stop()
		p.stop()
		if got, want := shown(), "note\n"; !strings.HasSuffix(got, want) {
			t.Errorf("at the end: got %q, want suffix %q", got, want)
		}
	})
}

func TestProgressInvisible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, "prog", false)
		p.begin(3)
		time.Sleep(time.Hour)
		p.stop()
		if out.Len() > 0 {
			t.Errorf("got %q, want nothing", &out)
		}
	})
}

func TestDidYouMean(t *testing.T) {
	candidates := []string{"chanclose", "wgadd", "gospawn", "c"}
	for name, want := range map[string]string{
		"chanclos":  "chanclose",
		"chancolse": "chanclose",
		"wgad":      "wgadd",
		"gwadd":     "wgadd",
		"nosuch":    "",
		"x":         "",
		"":          "",
	} {
		if want != "" {
			want = "; did you mean -" + want + "?"
		}
		if got := didYouMean("-", name, candidates); got != want {
			t.Errorf("didYouMean(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestWritePatch(t *testing.T) {
	const patch = `--- /home/m/z z.go (old)
+++ /home/m/z z.go (new)
@@ -1,2 +1,2 @@
--- a (old)
+++ b (new)
 same
--- /home/m/sub/a.go (old)
+++ /home/m/sub/a.go (new)
@@ -1 +1 @@
-x
\ No newline at end of file
+y
`
	const want = `--- a.go
+++ a.go
@@ -1 +1 @@
-x
\ No newline at end of file
+y
--- ../z z.go
+++ ../z z.go
@@ -1,2 +1,2 @@
--- a (old)
+++ b (new)
 same
`
	var out bytes.Buffer
	writePatch(&out, "/home/m/sub", []byte(patch))
	if got := out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
