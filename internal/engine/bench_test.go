package engine_test

import (
	"flag"
	"go/ast"
	"runtime"
	"testing"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/irtest"
)

var benchPackage = flag.String("package", "net/http", "package that the benchmarks of the layers analyse")

// loadBench loads the package to analyse, and tells how many functions it has.
func loadBench(b *testing.B) (p *irtest.Package, funcs int) {
	b.Helper()
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
		packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedExportFile
	list, err := packages.Load(&packages.Config{Mode: mode}, *benchPackage)
	if err != nil {
		b.Fatal(err)
	}
	if len(list) != 1 || packages.PrintErrors(list) > 0 {
		b.Fatalf("%s is not one package that compiles", *benchPackage)
	}
	p = &irtest.Package{Fset: list[0].Fset, Types: list[0].Types, Info: list[0].TypesInfo, Files: list[0].Syntax}
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if _, ok := d.(*ast.FuncDecl); ok {
				funcs++
			}
		}
	}
	return p, funcs
}

// A meter counts the bytes that are allocated between start and stop.
type meter struct {
	before runtime.MemStats
	bytes  uint64
}

func (m *meter) start() { runtime.ReadMemStats(&m.before) }

func (m *meter) stop() {
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	m.bytes += after.TotalAlloc - m.before.TotalAlloc
}

// report reports what an iteration took for each of n units.
func (m *meter) report(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/"+unit)
	b.ReportMetric(float64(m.bytes)/float64(b.N)/float64(n), "B/"+unit)
	b.ReportMetric(float64(n), unit+"s")
}

// The layers are measured on one package of real code, each by itself:
//
//	go test ./internal/engine -run '^$' -bench Layer -count 6 | benchstat -

// BenchmarkLayerGate walks the syntax, which every package pays for.
func BenchmarkLayerGate(b *testing.B) {
	p, funcs := loadBench(b)
	in := inspector.New(p.Files)
	var m meter
	m.start()
	for b.Loop() {
		gate.Scan(p.Types, p.Info, in, nil)
	}
	m.stop()
	m.report(b, funcs, "func")
}

// BenchmarkLayerSSA builds the SSA form of the functions that matter.
func BenchmarkLayerSSA(b *testing.B) {
	p, _ := loadBench(b)
	relevant := gate.Scan(p.Types, p.Info, inspector.New(p.Files), nil).Relevant
	funcs := 0
	var m meter
	m.start()
	for b.Loop() {
		prog, err := ir.Build(p.Fset, p.Types, p.Info, p.Files, relevant, ir.NoFacts)
		if err != nil {
			b.Fatal(err)
		}
		funcs = len(prog.Funcs)
	}
	m.stop()
	m.report(b, funcs, "func")
}

// BenchmarkLayerModel builds the models of all roots.
func BenchmarkLayerModel(b *testing.B) {
	layer(b, "instance", func(eng *engine.Package) (instances int) {
		for _, root := range eng.Roots() {
			if root := eng.Partial(root); root != nil {
				instances += len(root.Instances)
			}
		}
		return instances
	})
}

// BenchmarkLayerExplore explores the package, within its budget.
func BenchmarkLayerExplore(b *testing.B) {
	layer(b, "step", func(eng *engine.Package) int { return eng.Explored().Steps })
}

// layer measures what is done, by units, with an engine that has built SSA.
func layer(b *testing.B, unit string, do func(*engine.Package) (units int)) {
	p, _ := loadBench(b)
	units := 0
	var m meter
	for b.Loop() {
		b.StopTimer()
		eng := newEngine(b, p)
		eng.Program()
		m.start()
		b.StartTimer()
		units = do(eng)
		m.stop()
	}
	m.report(b, units, unit)
}
