package reporttest_test

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A browser is a tab of a headless browser that notes what a page must not do.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// open starts a browser, or skips the test where there is none.
func open(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("neither Chromium nor Chrome is installed (Debian's package: chromium)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1400, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.event); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, p := range b.problems {
			t.Error(p)
		}
	})
	return b
}

// event notes requests to anywhere, and what the browser complains about, such as
// a script that the page's policy forbids.
func (b *browser) event(ev any) {
	problem := ""
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(ev.Request.URL, "file:") {
			problem = "request to " + ev.Request.URL
		}
	case *runtime.EventExceptionThrown:
		problem = ev.ExceptionDetails.Text
	case *log.EventEntryAdded:
		problem = ev.Entry.Text
	case *runtime.EventConsoleAPICalled:
		problem = "console: " + string(ev.Type)
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if problem != "" {
		b.problems = append(b.problems, problem)
	}
}

// do runs actions in the page.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](b *browser, cmd cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, cmd, params); err != nil {
		b.t.Fatal(err)
	}
}

// script runs statements in the page.
func (b *browser) script(statements string) {
	b.t.Helper()
	eval[bool](b, "(() => { "+statements+"; return true })()")
}

// focus moves the focus, as the Tab key does.
func (b *browser) focus(selector string) {
	b.t.Helper()
	b.script(fmt.Sprintf("document.querySelector(%q).focus()", selector))
}

// keys presses keys.
func (b *browser) keys(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// choose sets a field of the filter, as its user does.
func (b *browser) choose(selector, value string) {
	b.t.Helper()
	b.script(fmt.Sprintf("const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true}))", selector, value))
}

// load shows a file.
func (b *browser) load(file string) {
	b.t.Helper()
	b.do(chromedp.Navigate((&url.URL{Scheme: "file", Path: file}).String()), chromedp.WaitReady("body"))
}

// eval evaluates an expression in the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// expect checks the value of an expression in the page.
func expect[T comparable](b *browser, expression string, want T) {
	b.t.Helper()
	if got := eval[T](b, expression); got != want {
		b.t.Errorf("%s is %v, want %v", expression, got, want)
	}
}

// visible counts the elements of a selector that are displayed.
func visible(selector string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length", selector)
}

const findings = "article.finding"

// TestPage: the page shows findings, sources and diagrams, and nothing in them
// becomes markup.
func TestPage(t *testing.T) {
	b := open(t)
	b.load(report(t, write(t, sample), "html", "-stats"))
	total := eval[int](b, visible(findings))
	if total < 4 {
		t.Fatalf("%d findings", total)
	}
	if n := eval[int](b, visible("svg")); n < 3 || n > total {
		t.Errorf("%d diagrams for %d findings", n, total)
	}
	expect(b, "document.querySelectorAll('script').length", 1)
	expect(b, "document.querySelectorAll('img, iframe, object, link, [onerror], [onload]').length", 0)
	expect(b, "document.body.textContent.includes('</script><img src=x onerror=alert(1)>')", true)
	// Each finding has its line, and a sentence at it.
	expect(b, "document.querySelectorAll('.ln.here').length", total)
	expect(b, "document.querySelectorAll('.note.here').length", total)
	// In each diagram one step is what the finding is about.
	expect(b, "[...document.querySelectorAll('svg')].every(s => s.querySelectorAll('.box.here').length === 1)", true)
	// Each step leads to its line.
	expect(b, "[...document.querySelectorAll('svg a')].filter(a => !document.querySelector(a.getAttribute('href'))).length", 0)
	expect(b, "document.querySelectorAll('svg a').length > 10", true)
	// All identifiers are different.
	expect(b, "new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size === document.querySelectorAll('[id]').length", true)
}

// TestLayout: no text runs out of its box, nor over another one, and the page is
// not wider than the window, be it that of a telephone.
func TestLayout(t *testing.T) {
	b := open(t)
	b.load(report(t, write(t, sample), "html"))
	expect(b, `[...document.querySelectorAll("svg .box, svg .lane")].filter(g => {
		const text = (g.querySelector(".title") || g.querySelector("text")).getBBox(), rect = g.querySelector("rect").getBBox();
		return text.x < rect.x || text.x + text.width > rect.x + rect.width || text.y < rect.y || text.y + text.height > rect.y + rect.height;
	}).map(g => g.textContent).join("; ")`, "")
	expect(b, `[...document.querySelectorAll("svg")].filter(svg => {
		const boxes = [...svg.querySelectorAll("rect")].map(r => r.getBBox());
		return boxes.some((a, i) => boxes.some((b, j) => i < j &&
			a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height));
	}).length`, 0)
	for _, width := range []int64{1400, 900, 390} {
		b.do(chromedp.EmulateViewport(width, 900))
		if got := eval[int64](b, "document.documentElement.scrollWidth"); got > width {
			t.Errorf("the page is %d wide in a window of %d", got, width)
		}
	}
}

// TestColors: what is stuck is red, on a light and on a dark background.
func TestColors(t *testing.T) {
	b := open(t)
	b.load(report(t, write(t, sample), "html"))
	const (
		stuck = "getComputedStyle(document.querySelector('.box.here rect')).fill"
		other = "getComputedStyle(document.querySelector('.box.start rect')).fill"
		page  = "getComputedStyle(document.body).backgroundColor"
	)
	for _, scheme := range []string{"light", "dark"} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		red, green, blue := rgb(t, eval[string](b, stuck))
		if red < 180 || green > 120 || blue > 140 {
			t.Errorf("%s: what is stuck is rgb(%d, %d, %d)", scheme, red, green, blue)
		}
		if red, green, blue := rgb(t, eval[string](b, page)); (red+green+blue > 384) != (scheme == "light") {
			t.Errorf("%s: the background is rgb(%d, %d, %d)", scheme, red, green, blue)
		}
		if got := eval[string](b, other); got == eval[string](b, stuck) {
			t.Errorf("%s: all is %s", scheme, got)
		}
	}
}

func rgb(t *testing.T, color string) (r, g, b int) {
	t.Helper()
	if _, err := fmt.Sscanf(color, "rgb(%d, %d, %d)", &r, &g, &b); err != nil {
		t.Fatalf("%s: %v", color, err)
	}
	return r, g, b
}

// TestFilter: by check, package and words; with the keyboard.
func TestFilter(t *testing.T) {
	b := open(t)
	b.load(report(t, write(t, sample), "html"))
	total := eval[int](b, visible(findings))
	ofCheck := func(name string) int {
		return eval[int](b, fmt.Sprintf("document.querySelectorAll('article[data-check=%s]').length", name))
	}
	b.focus("input[value=goleak]")
	b.keys(" ")
	expect(b, visible(findings), ofCheck("goleak"))
	expect(b, visible("article[data-check=goleak]"), ofCheck("goleak"))
	b.focus("input[value=lockblock]")
	b.keys(" ")
	expect(b, visible(findings), ofCheck("goleak")+ofCheck("lockblock"))
	expect(b, "document.getElementById('shown').textContent", fmt.Sprintf("%d of %d shown", ofCheck("goleak")+ofCheck("lockblock"), total))
	b.keys(" ")
	b.focus("input[value=goleak]")
	b.keys(" ")
	expect(b, visible(findings), total)

	inPool := eval[int](b, "document.querySelectorAll('section[data-package=\"example.com/shop/pool\"] article').length")
	b.choose("#package", "example.com/shop/pool")
	expect(b, visible(findings), inPool)
	expect(b, visible("section.package"), 1)
	b.choose("#package", "")

	b.script("document.activeElement.blur()")
	b.keys("/")
	expect(b, "document.activeElement.id", "text")
	b.choose("#text", "") // the protocol inserts the character although the page has used up the key
	b.keys("twice CLOSE")
	expect(b, visible(findings), 1)
	b.keys(" nothing like that")
	expect(b, visible(findings), 0)
	expect(b, visible("#nomatch"), 1)
	b.keys(kb.Enter) // does not send the form anywhere
	expect(b, visible("#nomatch"), 1)
}

// TestKeyboard: findings fold and unfold, and one comes to them.
func TestKeyboard(t *testing.T) {
	b := open(t)
	b.load(report(t, write(t, sample), "html"))
	const open = "document.querySelectorAll('article details[open] .body').length"
	total := eval[int](b, open)
	b.script("document.getElementById('fold').click()")
	expect(b, open, 0)
	b.script("document.activeElement.blur()")
	b.keys("jj" + kb.Enter)
	expect(b, open, 1)
	expect(b, "document.activeElement.closest('article').id", "f2")
	b.keys("k ")
	expect(b, open, 2)
	b.script("document.getElementById('unfold').click()")
	expect(b, open, total)
	// The first stop is the way past the filter.
	expect(b, "document.querySelector('a, button, input').className", "skip")
}

// TestNoScript: without JavaScript all is there but the filter.
func TestNoScript(t *testing.T) {
	b := open(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.load(report(t, write(t, sample), "html"))
	expect(b, visible("#filter"), 0)
	expect(b, visible(findings)+" > 3", true)
	expect(b, visible("svg")+" > 2", true)
}

// TestMany: a page of thousands of findings can be used.
func TestMany(t *testing.T) {
	b := open(t)
	const n = 2000
	b.load(report(t, write(t, many(n)), "html"))
	expect(b, visible(findings), n)
	expect(b, "document.querySelectorAll('article > details[open]').length", 0)
	b.choose("#text", "p042 leak7")
	expect(b, visible(findings), 1)
	expect(b, "document.getElementById('shown').textContent", "1 of 2000 shown")
	// A link to a line of a folded finding unfolds it.
	b.choose("#text", "")
	b.script("location.hash = document.querySelector('#f1500 .ln.here').id")
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool]("document.querySelector('#f1500 > details').open")); err != nil {
		t.Fatal(err)
	}
	expect(b, visible("#f1500 svg"), 1)
	b.script("document.getElementById('unfold').click()")
	expect(b, "document.querySelectorAll('article > details[open]').length", n)
}
