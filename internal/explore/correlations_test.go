package explore_test

import "testing"

// TestCorrelations: conditions and counts that say the same twice, in the ways
// in which people write that.
func TestCorrelations(t *testing.T) {
	correlations.check(t)
}

var correlations = feature{name: "said twice", text: `
type mode int

const (
	modeA mode = iota
	modeB
	modeC
)

type cfg struct {
	async bool
	n     int
	name  string
	m     mode
	err   error
	next  *cfg
}
func use(...any) {}
func goodEnum(m mode) {
	c := make(chan int)
	switch m {
	case modeA:
		go close(c)
	case modeB:
		go close(c)
	default:
		return
	}
	switch m {
	case modeA, modeB:
		<-c
	}
}
func goodField(x *cfg) {
	c := make(chan int)
	if x.async {
		go close(c)
	}
	use(x.name)
	if x.async {
		<-c
	}
}
func goodFieldValue(x cfg) {
	c := make(chan int)
	if x.async {
		go close(c)
	}
	if x.async {
		<-c
	}
}
func goodFieldOfField(x *cfg) {
	c := make(chan int)
	if x.next.async {
		go close(c)
	}
	if x.next.async {
		<-c
	}
}
func goodFieldAcrossCall(x *cfg, log func(string)) {
	c := make(chan int)
	if x.async {
		go close(c)
	}
	log("x")
	if x.async {
		<-c
	}
}
func goodFieldInClosure(x *cfg) {
	c := make(chan int)
	if x.async {
		go func() { defer close(c) }()
	}
	func() {
		if x.async {
			<-c
		}
	}()
}
func goodNamedResult(work func() error) (err error) {
	c := make(chan int)
	defer func() {
		if err == nil {
			<-c
		}
	}()
	if err = work(); err != nil {
		return err
	}
	go close(c)
	return nil
}
func goodErrVar(a, b func() error) error {
	c := make(chan int)
	err := a()
	if err == nil {
		err = b()
	}
	if err == nil {
		go close(c)
	}
	if err != nil {
		return err
	}
	<-c
	return nil
}
func goodMapOK(m map[string]chan int, k string) {
	c, ok := m[k]
	if !ok {
		c = make(chan int, 1)
		m[k] = c
	}
	c <- 1
}
func goodMapTwice(m map[string]bool, k string) {
	c := make(chan int)
	if m[k] {
		go close(c)
	}
	if m[k] {
		<-c
	}
}
func goodLast(xs []int) {
	if len(xs) == 0 {
		return
	}
	c := make(chan int)
	go func() {
		for range c {
		}
	}()
	for i, x := range xs {
		c <- x
		if i == len(xs)-1 {
			close(c)
		}
	}
}
func goodLenMinus(xs []int) {
	if len(xs) < 2 {
		return
	}
	c := make(chan int)
	for i := 0; i < len(xs)-1; i++ {
		go func() { c <- 1 }()
	}
	for i := 1; i < len(xs); i++ {
		<-c
	}
}
func goodEven(xs []int) {
	c := make(chan int, (len(xs)+1)/2)
	for i := 0; i < len(xs); i += 2 {
		c <- xs[i]
	}
}
func goodMin(xs []int, n int) {
	k := min(len(xs), n)
	c := make(chan int)
	for range k {
		go func() { c <- 1 }()
	}
	for range k {
		<-c
	}
}
func goodClampedIf(n int) {
	if n < 1 {
		n = 1
	}
	c := make(chan int)
	for i := 0; i < n; i++ {
		go func() { c <- 1 }()
	}
	for i := 0; i < n; i++ {
		<-c
	}
}
func goodClampedMax(n int) {
	n = max(n, 1)
	c := make(chan int, n)
	for range n {
		c <- 1
	}
}
func goodDefaultConfig(x cfg) {
	if x.n == 0 {
		x.n = 4
	}
	c := make(chan int, x.n)
	for range x.n {
		c <- 1
	}
}
func goodWorkersDiv(xs []int) {
	const workers = 4
	c := make(chan int)
	for w := range workers {
		go func() {
			for i := w; i < len(xs); i += workers {
				use(xs[i])
			}
			c <- 1
		}()
	}
	for range workers {
		<-c
	}
}
func goodChunks(xs []int) {
	var wg sync.WaitGroup
	size := (len(xs) + 3) / 4
	for i := 0; i < len(xs); i += size {
		wg.Add(1)
		go func() { defer wg.Done() }()
	}
	wg.Wait()
}
func goodTypeSwitch(x any) {
	c := make(chan int)
	switch x.(type) {
	case int:
		go close(c)
	case string:
		go close(c)
	}
	switch x.(type) {
	case int, string:
		<-c
	}
}
func goodErrorsIs(err error) {
	c := make(chan int)
	if errors.Is(err, io.EOF) {
		go close(c)
	}
	if errors.Is(err, io.EOF) {
		<-c
	}
}
func goodGetter(x interface{ Async() bool }) {
	c := make(chan int)
	if x.Async() {
		go close(c)
	}
	if x.Async() {
		<-c
	}
}
func goodStringEmpty(name string) {
	c := make(chan int)
	if name != "" {
		go close(c)
	}
	if len(name) > 0 {
		<-c
	}
}
func goodNilSlice(xs []int) {
	c := make(chan int)
	if xs != nil {
		go close(c)
	}
	if len(xs) > 0 {
		<-c
	}
}
func goodStopCounts(xs []int) {
	c, n := make(chan int), 0
	for _, x := range xs {
		if x < 0 {
			break
		}
		n++
		go func() { c <- x }()
	}
	for ; n > 0; n-- {
		<-c
	}
}
func goodSliceOfStarted(xs []string) {
	var started []chan int
	for _, x := range xs {
		if x == "" {
			continue
		}
		c := make(chan int)
		started = append(started, c)
		go func() { c <- len(x) }()
	}
	for _, c := range started {
		<-c
	}
}
func goodMapOfStarted(xs []string) {
	started := map[string]chan int{}
	for _, x := range xs {
		c := make(chan int, 1)
		started[x] = c
		go func() { c <- len(x) }()
	}
	for _, c := range started {
		<-c
	}
}
func goodWaitGroupMap(m map[string]func()) {
	var wg sync.WaitGroup
	wg.Add(len(m))
	for _, f := range m {
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}
func goodTwoSlices(as, bs []int) {
	var wg sync.WaitGroup
	wg.Add(len(as) + len(bs))
	for range as {
		go wg.Done()
	}
	for range bs {
		go wg.Done()
	}
	wg.Wait()
}
func goodIndexed(xs []int) {
	cs := make([]chan int, len(xs))
	for i := range xs {
		cs[i] = make(chan int, 1)
		go func() { cs[i] <- 1 }()
	}
	for i := range xs {
		<-cs[i]
	}
}
func goodAtomicFlag(stop func() bool) {
	var closed atomic.Bool
	c := make(chan int)
	if stop() {
		closed.Store(true)
		close(c)
	}
	if !closed.Load() {
		close(c)
	}
}
func goodMutexFlag(stop func() bool) {
	var mu sync.Mutex
	closed := false
	c := make(chan int)
	cl := func() {
		mu.Lock()
		defer mu.Unlock()
		if !closed {
			closed = true
			close(c)
		}
	}
	go cl()
	cl()
	<-c
}
func goodErrFromChannel(f func() error) error {
	errc := make(chan error, 1)
	data := make(chan int)
	go func() {
		defer close(data)
		if err := f(); err != nil {
			errc <- err
			return
		}
		data <- 1
		errc <- nil
	}()
	for range data {
	}
	return <-errc
}
func goodDoneFlagByData(xs []int) {
	type msg struct {
		v    int
		last bool
	}
	c := make(chan msg)
	go func() {
		for _, x := range xs {
			c <- msg{v: x}
		}
		c <- msg{last: true}
	}()
	for {
		m := <-c
		if m.last {
			return
		}
	}
}
func goodCommaOk(c chan int) {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			v, ok := <-c
			if !ok {
				return
			}
			out <- v
		}
	}()
	for range out {
	}
}
func goodLoopUntil(ctx context.Context, c chan int) {
	out := make(chan int)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			select {
			case v := <-c:
				select {
				case out <- v:
				case <-ctx.Done():
				}
			case <-ctx.Done():
			}
		}
	}()
	for range out {
	}
}
func goodOptionalChan(wait bool) {
	var done chan struct{}
	if wait {
		done = make(chan struct{})
	}
	go func() {
		if done != nil {
			close(done)
		}
	}()
	if done != nil {
		<-done
	}
}
func goodOptionalLock(mu *sync.Mutex) {
	if mu == nil {
		mu = new(sync.Mutex)
	}
	mu.Lock()
	mu.Unlock()
	mu.Lock()
	mu.Unlock()
}
func goodRetryChan(try func() bool) {
	var c chan int
	for {
		c = make(chan int, 1)
		c <- 1
		if try() {
			break
		}
	}
	<-c
}
func goodGoto(n int) {
	c := make(chan int, 1)
again:
	c <- 1
	<-c
	if n--; n > 0 {
		goto again
	}
}
func goodLabeled(xs [][]int) {
	c := make(chan int)
	go func() {
		defer close(c)
	outer:
		for _, ys := range xs {
			for _, y := range ys {
				if y == 0 {
					continue outer
				}
				if y < 0 {
					break outer
				}
				c <- y
			}
		}
	}()
	for range c {
	}
}
func goodOddEven() {
	odd, even := make(chan int), make(chan int)
	go func() {
		for i := 0; i < 6; i++ {
			if i%2 == 0 {
				even <- i
			} else {
				odd <- i
			}
		}
		close(odd)
		close(even)
	}()
	for i := 0; i < 3; i++ {
		<-even
		<-odd
	}
}
func goodCopyLockState(x *cfg) {
	var mu sync.Mutex
	locked := false
	if x.async {
		mu.Lock()
		locked = true
	}
	use(x.n)
	if locked {
		mu.Unlock()
	}
	mu.Lock()
}
func goodTicketed(ctx context.Context, n int) {
	tickets := make(chan struct{}, n)
	for range n {
		tickets <- struct{}{}
	}
	for range n {
		select {
		case <-tickets:
		case <-ctx.Done():
			return
		}
	}
}
func goodStrings(s string) {
	parts := strings.Split(s, ",")
	c := make(chan string, len(parts))
	for _, p := range parts {
		go func() { c <- p }()
	}
	for range parts {
		<-c
	}
}
func goodArg(args []string) {
	c := make(chan int)
	if len(args) == 1 {
		go close(c)
	}
	switch len(args) {
	case 1:
		<-c
	case 2:
	}
}
`}
