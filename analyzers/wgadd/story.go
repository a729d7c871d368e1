package wgadd

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// name returns the group as the operation at p writes it.
func (g *group) name(p token.Pos) string {
	if _, e := g.eng.Syntax.Operation(p); e != nil {
		return syntax.Text(e)
	}
	return "the WaitGroup"
}

func (g *group) step(p token.Pos, format string, args ...any) report.Step {
	start, end := g.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

func (g *group) line(p, from token.Pos) string { return g.eng.Syntax.LineOf(p, from) }

func (g *group) reportInGoroutine(add *model.Op, wait ssa.Instruction) {
	name := g.name(add.Pos())
	t := add.Inst.Thread
	story := []report.Step{
		g.step(g.m.Here(t), "the goroutine is started here, and not counted"),
		g.step(add.Pos(), "it counts itself, or what it starts, only here"),
		g.step(wait.Pos(), "this Wait may find the counter at zero before that, and return"),
	}
	if own := g.in(g.dones, t); len(own) > 0 && (g.countedBefore(t) || g.countedWork(t)) {
		story[0] = g.step(g.m.Here(t), "the goroutine is started here")
		story[1] = g.step(own[0].Pos(), "it gives up its count here, and adds again only later")
	}
	method, started := "Add", "the goroutine started"
	if add.Call == api.WGGo {
		method = "Go"
	}
	if ofTimer(t) {
		started = "the function of the timer set"
		story[0].Message = strings.Replace(story[0].Message, "the goroutine is started", "the timer is set", 1)
	}
	start, end := g.eng.Syntax.Span(add.Pos())
	f := report.Finding{
		Pos: start, End: end, Story: story,
		Message: fmt.Sprintf("%s.%s runs in %s at %s: %s.Wait at %s can return before it", name, method, started,
			g.line(g.m.Here(t), add.Pos()), g.name(wait.Pos()), g.line(wait.Pos(), add.Pos())),
	}
	f.Fix = g.moveFix(add, t)
	g.pass.Report(f)
}

func (g *group) reportAfterGo(add *model.Op, u *model.Thread) {
	name := g.name(add.Pos())
	done := g.in(g.dones, u)[0]
	start, end := g.eng.Syntax.Span(add.Pos())
	f := report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s.Add comes after the goroutine started at %s: its Done can come first, and a negative counter panics", name, g.line(g.m.Here(u), add.Pos())),
		Story: []report.Step{
			g.step(g.m.Here(u), "the goroutine is started here, while nothing is counted"),
			g.step(done.Pos(), "its Done may run before the Add"),
			g.step(add.Pos(), "which comes only here"),
		},
	}
	f.Fix = g.moveFix(add, u)
	g.pass.Report(f)
}

func (g *group) reportAfterWaiter(add, wait *model.Op) {
	name := g.name(add.Pos())
	method := "Add"
	if add.Call == api.WGGo {
		method = "Go"
	}
	site := g.m.Here(wait.Inst.Thread)
	start, end := g.eng.Syntax.Span(add.Pos())
	g.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s.%s comes after the goroutine started at %s, whose %s.Wait at %s can return before it", name, method,
			g.line(site, add.Pos()), g.name(wait.Pos()), g.line(wait.Pos(), add.Pos())),
		Story: []report.Step{
			g.step(site, "the goroutine that Waits is started here, while nothing is counted"),
			g.step(wait.Pos(), "its Wait may find the counter at zero, and return"),
			g.step(add.Pos(), "the Add comes only here"),
		},
	})
}
