package progen

import "fmt"

// build draws what the function does before it is spoilt.
func (g *generator) build() {
	idioms := []func(*generator){
		(*generator).produce, (*generator).workers, (*generator).workersGo, (*generator).answer, (*generator).locks,
		(*generator).cancelled, (*generator).pipeline, (*generator).group, (*generator).groupContext, (*generator).semaphore,
		(*generator).first, (*generator).condWait, (*generator).readers, (*generator).helper, (*generator).exchange,
		(*generator).soup, (*generator).soup, (*generator).object, (*generator).drain, (*generator).onceClose,
	}
	for range 1 + g.rand.IntN(2) + g.rand.IntN(2)*g.rand.IntN(2) {
		pick(g, idioms...)(g)
	}
}

// add appends statements to the function.
func (g *generator) add(n ...*node) { g.body = append(g.body, n...) }

// declare adds a variable with a name of its own.
func (g *generator) declare(prefix, form string) (name string) {
	name = fmt.Sprintf("%s%d", prefix, g.next)
	g.next++
	text := fmt.Sprintf(form, name)
	g.vars = append(g.vars, &node{head: text, names: name, fixed: true})
	return name
}

// channel adds a channel of ints.
func (g *generator) channel(buffer string) string {
	name := g.declare("c", "%s := make(chan int"+buffer+")")
	g.chans = append(g.chans, name)
	return name
}

// anyChannel returns a channel: one that there is, or a new one.
func (g *generator) anyChannel() string {
	if len(g.chans) > 0 && g.rand.IntN(3) > 0 {
		return pick(g, g.chans...)
	}
	return g.channel(g.buffer())
}

// signal adds a channel without values.
func (g *generator) signal() string { return g.declare("done", "%s := make(chan struct{})") }

func (g *generator) waitGroup() string { return g.declare("wg", "var %s sync.WaitGroup") }

func (g *generator) mutex() string { return g.declare("mu", "var %s sync.Mutex") }

// context adds a context with its cancel function.
func (g *generator) context() (ctx, cancel string) {
	ctx, cancel = fmt.Sprintf("ctx%d", g.next), fmt.Sprintf("cancel%d", g.next)
	g.next++
	g.vars = append(g.vars, &node{head: fmt.Sprintf("%s, %s := context.WithCancel(context.Background())", ctx, cancel), names: ctx + " " + cancel, fixed: true})
	return ctx, cancel
}

// times returns the head of a loop.
func (g *generator) times() string {
	return pick(g, "for range 1 {", "for range 2 {", "for range 3 {", "for range n {")
}

func send(c string) *node    { return line(c + " <- 1") }
func receive(c string) *node { return line("<-" + c) }

// lock and unlock return statements that must not be undone by an edit: the runtime
// ends the process where a lock is unlocked that is not locked.
func lock(mu, method string) *node {
	return &node{head: mu + "." + method + "()", only: []edit{twice, returnBefore}}
}

func unlock(mu, method string) *node { return &node{head: mu + "." + method + "()", only: unpaired} }

// unpaired are the edits for what needs a lock before it.
var unpaired = []edit{remove, hide, returnBefore}

// using marks the only statement that uses a variable.
func using(n *node) *node {
	n.only = []edit{twice, hide, returnBefore, doNotWait}
	return n
}

// closing returns close(c), now or deferred, as a list to put at the end or the begin.
func (g *generator) closing(c string, body ...*node) []*node {
	if g.rand.IntN(2) == 0 {
		return append([]*node{line("defer close(" + c + ")")}, body...)
	}
	return append(body, line("close("+c+")"))
}

func (g *generator) produce() {
	c := g.channel(g.buffer())
	g.add(goFunc(g.closing(c, block(g.times(), send(c)))...))
	loop := block("for range " + c + " {")
	if g.rand.IntN(3) == 0 {
		loop = block("for v := range "+c+" {", using(block("if v > "+pick(g, "0", "1")+" {", line("break"))))
	}
	g.add(loop)
}

func (g *generator) workers() {
	c, wg := g.channel(g.buffer()), g.waitGroup()
	g.add(block(g.times(), line(wg+".Add(1)"), goFunc(line("defer "+wg+".Done()"), send(c))))
	if g.rand.IntN(4) == 0 {
		g.add(line(wg+".Wait()"), line("close("+c+")"))
	} else {
		g.add(goFunc(line(wg+".Wait()"), line("close("+c+")")))
	}
	g.add(block("for range " + c + " {"))
}

func (g *generator) workersGo() {
	c, wg := g.anyChannel(), g.waitGroup()
	g.add(block(g.times(), &node{head: wg + ".Go(func() {" + markBegin, body: []*node{pick(g, send, receive)(c)}, tail: "})", isFunc: true}))
	g.add(goFunc(pick(g, send, receive)(c)), line(wg+".Wait()"))
}

func (g *generator) answer() {
	c := g.channel(g.buffer())
	ctx, cancel := g.context()
	g.add(goFunc(send(c)))
	if g.rand.IntN(2) == 0 {
		g.add(goFunc(line(cancel + "()")))
	} else {
		g.add(line("defer " + cancel + "()"))
	}
	g.add(selectOf(clause("case <-"+c+":"), clause("case <-"+ctx+".Done():", line("return"+markResult))))
}

func (g *generator) locks() {
	a, b := g.mutex(), g.mutex()
	wg := g.waitGroup()
	critical := func(x, y string) []*node {
		if g.rand.IntN(3) == 0 {
			return []*node{lock(x, "Lock"), unlock("defer "+x, "Unlock"), lock(y, "Lock"), unlock(y, "Unlock")}
		}
		return []*node{lock(x, "Lock"), lock(y, "Lock"), unlock(y, "Unlock"), unlock(x, "Unlock")}
	}
	other := critical(a, b)
	if g.rand.IntN(3) == 0 {
		other = critical(b, a)
	}
	g.add(line(wg+".Add(1)"), goFunc(append([]*node{line("defer " + wg + ".Done()")}, other...)...))
	g.add(critical(a, b)...)
	g.add(line(wg + ".Wait()"))
}

// untilDone returns a loop that ends when a context is cancelled or a channel closed.
func untilDone(done, c string, body ...*node) *node {
	stop := clause("case <-"+done+":", kept("return"+markResult))
	next := clause("case _, ok := <-"+c+":", append([]*node{{head: "if !ok {", body: []*node{kept("return" + markResult)}, tail: "}", fixed: true}}, body...)...)
	return &node{head: "for {", body: []*node{{head: "select {", body: []*node{stop, next}, tail: "}", fixed: true}}, tail: "}"}
}

func (g *generator) cancelled() {
	c := g.channel(g.buffer())
	done, stop := g.signal(), ""
	if g.rand.IntN(2) == 0 {
		ctx, cancel := g.context()
		done, stop = ctx+".Done()", cancel+"()"
	} else {
		stop = "close(" + done + ")"
	}
	g.add(goFunc(untilDone(done, c)))
	if g.rand.IntN(2) == 0 {
		g.add(line("defer " + stop))
		stop = ""
	}
	g.add(block(g.times(), send(c)))
	if stop != "" {
		g.add(line(stop))
	}
}

func (g *generator) pipeline() {
	a, b := g.channel(g.buffer()), g.channel(g.buffer())
	g.add(goFunc(g.closing(a, block(g.times(), send(a)))...))
	g.add(goFunc(g.closing(b, block("for v := range "+a+" {", using(line(b+" <- v"))))...))
	g.add(block("for range " + b + " {"))
}

// task returns a task of an errgroup.
func task(group string, body ...*node) *node {
	return &node{head: group + ".Go(func() error {" + markBegin, body: append(body, kept("return nil")), tail: "})", isFunc: true, result: " nil"}
}

func (g *generator) group() {
	group := g.declare("g", "var %s errgroup.Group")
	c := g.channel(g.buffer())
	if g.rand.IntN(3) == 0 {
		g.add(line(group + ".SetLimit(" + pick(g, "1", "2") + ")"))
	}
	g.add(block(g.times(), task(group, send(c))))
	g.add(goFunc(line(group+".Wait()"), line("close("+c+")")))
	g.add(block("for range " + c + " {"))
}

func (g *generator) groupContext() {
	group, ctx := fmt.Sprintf("g%d", g.next), fmt.Sprintf("ctx%d", g.next)
	g.next++
	g.vars = append(g.vars, &node{head: fmt.Sprintf("%s, %s := errgroup.WithContext(context.Background())", group, ctx), names: group + " " + ctx, fixed: true})
	c := g.channel(g.buffer())
	put := selectOf(clause("case "+c+" <- 1:"), clause("case <-"+ctx+".Done():", kept("return "+ctx+".Err()")))
	g.add(task(group, g.closing(c, block(g.times(), put))...))
	take := block("for range "+c+" {", block("if "+g.condition()+" {", kept("return context.Canceled")))
	if g.rand.IntN(2) == 0 {
		take = block("for range " + c + " {")
	}
	g.add(task(group, take), line(group+".Wait()"))
}

func (g *generator) semaphore() {
	sem := g.declare("sem", "%s := make(chan struct{}, "+pick(g, "1", "2")+")")
	wg := g.waitGroup()
	g.add(block(g.times(),
		line(sem+" <- struct{}{}"), line(wg+".Add(1)"),
		goFunc(line("defer "+wg+".Done()"), line("<-"+sem))))
	g.add(line(wg + ".Wait()"))
}

func (g *generator) first() {
	c := g.channel(g.buffer())
	g.add(block(g.times(), goFunc(send(c))), receive(c))
}

func (g *generator) condWait() {
	mu := g.mutex()
	cond := g.declare("cond", "%s := sync.NewCond(&"+mu+")")
	ready := g.declare("ready", "%s := false")
	g.add(goFunc(lock(mu, "Lock"), line(ready+" = true"), unlock(mu, "Unlock"), line(cond+"."+pick(g, "Signal", "Broadcast")+"()")))
	g.add(lock(mu, "Lock"), &node{head: "for !" + ready + " {", body: []*node{kept(cond + ".Wait()")}, tail: "}", only: unpaired}, unlock(mu, "Unlock"))
}

func (g *generator) readers() {
	rw, c := g.declare("rw", "var %s sync.RWMutex"), g.anyChannel()
	g.add(goFunc(lock(rw, "RLock"), pick(g, send, receive)(c), unlock(rw, "RUnlock")))
	g.add(lock(rw, "Lock"), unlock(rw, "Unlock"), pick(g, send, receive)(c))
}

// function declares a helper function and returns its name.
func (g *generator) function(params string, body ...*node) string {
	name := fmt.Sprintf("%s_%d", g.name, len(g.decls))
	g.decls = append(g.decls, &node{head: fmt.Sprintf("func %s(%s%s, b0, b1 bool, n int, ask func() bool) {", name, markParam, params), body: body, tail: "}", isFunc: true})
	return name
}

// call returns a call of a helper function.
func call(name, args string) string { return name + "(" + markArg + args + ", b0, b1, n, ask)" }

// spawn returns a go statement of a helper function. In the traced text the goroutine
// begins in a function that catches its panics.
func spawn(name, args string) *node { return goFunc(line(call(name, args))) }

func (g *generator) helper() {
	c, wg := g.channel(g.buffer()), g.waitGroup()
	put := g.function("c chan int, wg *sync.WaitGroup", line("defer wg.Done()"), block(g.times(), send("c")))
	g.add(line(wg+".Add(1)"), spawn(put, c+", &"+wg))
	take := g.function("c <-chan int", block("for range c {"))
	g.add(goFunc(line(wg+".Wait()"), line("close("+c+")")), line(call(take, c)))
}

func (g *generator) exchange() {
	a, b := g.anyChannel(), g.channel(g.buffer())
	g.add(goFunc(send(a), receive(b)))
	if g.rand.IntN(2) == 0 {
		g.add(receive(a), send(b))
	} else {
		g.add(selectOf(clause("case <-"+a+":", send(b)), clause("case "+b+" <- 1:", receive(a))))
	}
}

// soup adds goroutines that do something with any channels.
func (g *generator) soup() {
	ops := func() []*node {
		var out []*node
		for range 1 + g.rand.IntN(3) {
			out = append(out, pick(g, send, receive)(g.anyChannel()))
		}
		return out
	}
	for range 1 + g.rand.IntN(2) {
		g.add(goFunc(ops()...))
	}
	g.add(ops()...)
	if g.rand.IntN(4) == 0 {
		g.add(line("close(" + g.anyChannel() + ")"))
	}
}

// object adds a type with a goroutine that its method Close ends.
func (g *generator) object() {
	typ := fmt.Sprintf("T%s_%d", g.name, len(g.decls))
	g.decls = append(g.decls,
		&node{head: fmt.Sprintf("type %s struct {\n\tmu   sync.Mutex\n\tin   chan int\n\tdone chan struct{}\n}", typ)},
		&node{head: fmt.Sprintf("func (t *%s) loop(%sb0, b1 bool, n int, ask func() bool) {", typ, markParam), isFunc: true, tail: "}",
			body: []*node{untilDone("t.done", "t.in", lock("t.mu", "Lock"), unlock("t.mu", "Unlock"))}},
		&node{head: fmt.Sprintf("func (t *%s) put(%sb0, b1 bool, n int, ask func() bool) {", typ, markParam), isFunc: true, tail: "}",
			body: []*node{lock("t.mu", "Lock"), unlock("defer t.mu", "Unlock"), send("t.in")}})
	t := g.declare("t", "%s := &"+typ+"{in: make(chan int"+g.buffer()+"), done: make(chan struct{})}")
	all := "(" + markArg + "b0, b1, n, ask)"
	g.add(goFunc(line(t+".loop"+all)), block(g.times(), line(t+".put"+all)), line("close("+t+".done)"))
}

// drain receives until a channel is closed, and may stop before.
func (g *generator) drain() {
	c := g.channel(g.buffer())
	ctx, cancel := g.context()
	g.add(goFunc(g.closing(c, block(g.times(), selectOf(clause("case "+c+" <- 1:"), clause("case <-"+ctx+".Done():", line("return"+markResult)))))...))
	g.add(block("for range "+c+" {", block("if "+g.condition()+" {", line(cancel+"()"), line("break"))))
	g.add(line(cancel + "()"))
}

// onceClose closes a channel from two goroutines.
func (g *generator) onceClose() {
	once, c := g.declare("once", "var %s sync.Once"), g.channel(g.buffer())
	shut := func() *node {
		return &node{head: once + ".Do(func() {", body: []*node{line("close(" + c + ")")}, tail: "})", isFunc: true}
	}
	g.add(goFunc(shut()), goFunc(shut()), block("for range "+c+" {"))
}
