package explore_test

import "testing"

func TestChannels(t *testing.T) {
	for _, f := range channels {
		f.check(t)
	}
}

var channels = []feature{
	{name: "send and receive", text: `
func badSend() {
	c := make(chan int)
	c <- 1 // stuck
}
func badReceive() {
	c := make(chan int)
	<-c // stuck
}
func badFull() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	c <- 3 // stuck
}
func goodBuffered() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	<-c
	c <- 3
}
func badSendToClosed() { // who receives gets nothing from the sender, which panics
	c, d := make(chan int), make(chan int, 1)
	close(c)
	go func() {
		c <- 1 // panics
	}()
	if _, ok := <-c; ok {
		<-d
	}
}
func badSendToClosedBuffer() {
	c, d := make(chan int, 1), make(chan int)
	c <- 1
	close(c)
	go func() {
		c <- 2 // panics
	}()
	<-c
	if _, ok := <-c; ok {
		<-d
	}
}
func goodMeet() {
	c := make(chan int)
	go func() { c <- 1 }()
	<-c
}
func badEarlyReturn(fetch func() error) error {
	results := make(chan int)
	go func() {
		results <- 1 // stuck
	}()
	if err := fetch(); err != nil {
		return err
	}
	<-results
	return nil
}
func goodEarlyReturn(fetch func() error) error {
	results := make(chan int, 1)
	go func() { results <- 1 }()
	if err := fetch(); err != nil {
		return err
	}
	<-results
	return nil
}
func badDoubleSend(err error) {
	c := make(chan error)
	go func() {
		if err != nil {
			c <- err
		}
		c <- nil // stuck
	}()
	<-c
}
func goodOneSend(err error) {
	c := make(chan error)
	go func() {
		if err != nil {
			c <- err
			return
		}
		c <- nil
	}()
	<-c
}
func badAcrossEachOther() {
	a, b := make(chan int), make(chan int)
	go func() {
		a <- 1 // stuck
		<-b
	}()
	b <- 1 // stuck
	<-a
}
func goodAcrossEachOther() {
	a, b := make(chan int), make(chan int)
	go func() {
		a <- 1
		<-b
	}()
	<-a
	b <- 1
}
func badParameter(in chan int) {
	c := make(chan int)
	<-in
	c <- 1 // stuck
}
func goodParameter(in chan int) {
	in <- 1
	<-in
	for range in {
	}
}
func goodReturned() chan int {
	c := make(chan int)
	go func() { c <- 1 }()
	return c
}
func goodGivenAway(use func(chan int)) {
	c := make(chan int)
	use(c)
	c <- 1
}
func goodGivenLater(use func(chan int)) {
	c := make(chan int)
	go func() { c <- 1 }()
	use(c)
}
`},
	{name: "computed capacity", text: `
func badTwiceAsMany(xs []int) {
	c := make(chan int, len(xs))
	for range xs {
		go func() {
			c <- 1 // stuck
			c <- 2 // stuck
		}()
	}
}
func goodAsMany(xs []int) {
	c := make(chan int, len(xs))
	for range xs {
		go func() { c <- 1 }()
	}
}
func badOther(xs, ys []int) {
	c := make(chan int, len(xs))
	for range ys {
		c <- 1 // stuck
	}
}
func goodProduct(xs []int) {
	c := make(chan int, 2*len(xs))
	for range xs {
		c <- 1
		c <- 2
	}
}
func goodNumber(n int) {
	c := make(chan int, n)
	for i := 0; i < n; i++ {
		go func() { c <- i }()
	}
}
func goodRangeInt(n int) {
	c := make(chan int, n)
	for range n {
		go func() { c <- 1 }()
	}
	<-c
}
func badOneMore(n int) {
	c := make(chan int, n)
	for i := 0; i <= n; i++ {
		c <- i // stuck
	}
}
func goodCap(n int) {
	c := make(chan int, n)
	for len(c) < cap(c) {
		c <- 1
	}
}
func goodMap(m map[string]int) {
	c := make(chan int, len(m))
	for _, v := range m {
		go func() { c <- v }()
	}
}
func badFirst(xs []int) {
	if len(xs) == 0 {
		return
	}
	c := make(chan int)
	for range xs {
		go func() {
			c <- 1 // stuck
		}()
	}
	<-c
}
func goodFirst(xs []int) {
	if len(xs) == 0 {
		return
	}
	c := make(chan int, len(xs)-1)
	for range xs {
		go func() { c <- 1 }()
	}
	<-c
}
func goodDistinct(xs []int) {
	n := len(xs)
	c := make(chan int, n)
	for i := range n {
		go func() { c <- xs[i] }()
	}
	for range n {
		<-c
	}
}
`},
	{name: "nil", text: `
func badReceive() {
	var c chan int
	<-c // stuck
}
func badSend() {
	var c chan int
	c <- 1 // stuck
}
func badSelect() {
	var a, b chan int
	select { // stuck
	case <-a:
	case b <- 1:
	}
}
func goodDefault() {
	var c chan int
	select {
	case <-c:
	default:
	}
}
func goodSwitchedOff(a, b chan int) {
	for a != nil || b != nil {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil
			}
		case _, ok := <-b:
			if !ok {
				b = nil
			}
		}
	}
}
func goodOnSomeWay(ok bool) {
	var c chan int
	if ok {
		c = make(chan int, 1)
	}
	c <- 1
}
func badMergeBlocks() {
	a := make(chan int)
	var b chan int
	select { // stuck
	case <-a:
	case <-b:
	}
}
`},
	{name: "close", text: `
func badTwice() {
	c := make(chan int)
	close(c)
	close(c) // panics
}
func badSend() {
	c := make(chan int, 1)
	close(c)
	c <- 1 // panics
}
func badNil() {
	var c chan int
	close(c) // panics
}
func badWhileSending() {
	c := make(chan int)
	go func() {
		c <- 1 // panics
	}()
	close(c)
}
func badSelectSend() {
	c := make(chan int)
	close(c)
	select {
	case c <- 1: // panics
	default:
	}
}
func badOnePathTwice(err error) {
	c := make(chan int)
	defer close(c) // panics
	if err != nil {
		close(c)
	}
}
func badOnePathOnly(err error) {
	c := make(chan int)
	go func() {
		if err != nil {
			return
		}
		close(c)
	}()
	<-c // stuck
}
func goodOnce() {
	c := make(chan int)
	go close(c)
	<-c
	<-c
	_, ok := <-c
	if ok {
		close(c)
	}
}
func goodReset() {
	c := make(chan int)
	if c != nil {
		close(c)
		c = nil
	}
	if c != nil {
		close(c)
	}
}
func goodBuffered() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	close(c)
	for range c {
	}
}
func goodFlag(stop bool) {
	c := make(chan int)
	closed := false
	if stop {
		close(c)
		closed = true
	}
	if !closed {
		close(c)
	}
}
func goodParameter(c chan int) {
	close(c)
}
`},
	{name: "select", text: `
func badNobody() {
	a, b := make(chan int), make(chan int)
	select { // stuck
	case <-a:
	case b <- 1:
	}
}
func goodOther(in chan int) {
	a := make(chan int)
	select {
	case <-a:
	case <-in:
	}
}
func goodDefault() {
	a := make(chan int)
	select {
	case a <- 1:
	default:
	}
}
func badTimeout() {
	c := make(chan int)
	go func() {
		c <- 1 // stuck
	}()
	select {
	case <-c:
	case <-time.After(time.Second):
	}
}
func goodTimeout() {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	select {
	case <-c:
	case <-time.After(time.Second):
	}
}
func badDefaultDrops() {
	c := make(chan int)
	go func() {
		c <- 1 // stuck
	}()
	select {
	case <-c:
	default:
	}
}
func goodSendOrDone(values []int) {
	c, done := make(chan int), make(chan struct{})
	go func() {
		for _, v := range values {
			select {
			case c <- v:
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	if len(values) > 0 {
		<-c
	}
}
func goodEmpty() {
	go func() { select {} }()
}
func badBothSides() {
	a, b := make(chan int), make(chan int)
	go func() {
		select {
		case a <- 1: // stuck
		}
	}()
	select {
	case <-b: // stuck
	}
}
func goodMeet() {
	a, b := make(chan int), make(chan int)
	go func() {
		select {
		case a <- 1:
		case b <- 1:
		}
	}()
	select {
	case <-a:
	case <-b:
	}
}
`},
	{name: "range", text: `
func badNeverClosed(xs []int) {
	c := make(chan int)
	go func() {
		for _, x := range xs {
			c <- x
		}
	}()
	for range c { // stuck
	}
}
func goodClosed(xs []int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, x := range xs {
			c <- x
		}
	}()
	for range c {
	}
}
func badBreak(xs []int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, x := range xs {
			c <- x // stuck
		}
	}()
	for x := range c {
		if x == 0 {
			break
		}
	}
}
func goodDrain(xs []int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, x := range xs {
			c <- x
		}
	}()
	for x := range c {
		if x == 0 {
			break
		}
	}
	for range c {
	}
}
func badWorkers(jobs []int) {
	in := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range in { // stuck
			}
		})
	}
	for _, j := range jobs {
		in <- j
	}
	wg.Wait()
}
func goodWorkers(jobs []int) {
	in := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range in {
			}
		})
	}
	for _, j := range jobs {
		in <- j
	}
	close(in)
	wg.Wait()
}
func badPipeline(xs []int) {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		for _, x := range xs {
			a <- x
		}
	}()
	go func() {
		for x := range a {
			b <- x
		}
	}()
	for range b { // stuck
	}
}
func goodPipeline(xs []int) {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		for _, x := range xs {
			a <- x
		}
	}()
	go func() {
		defer close(b)
		for x := range a {
			b <- x
		}
	}()
	for range b {
	}
}
func badFanInCloser(xs []int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- x // stuck
		}()
	}
	wg.Wait() // stuck
	close(out)
	for range out {
	}
}
func goodFanInCloser(xs []int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- x
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for range out {
	}
}
`},
}
