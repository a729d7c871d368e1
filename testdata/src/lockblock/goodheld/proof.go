//go:build proof

package goodheld

import "context"

// claim: none
func driveAll() {
	ctx := context.Background()
	get := func(context.Context, int) (string, error) { return "", nil }
	task := func() int { return 1 }
	names, values := []string{"a", "b", "c"}, []int{1, 2, 3}
	for range 300 {
		Broadcast(names)
		(&Crawler{pages: make(map[string]int)}).Crawl(names)
		Run(3)
		Compute(task)
		(&Table{rows: make(map[int]string)}).Load(ctx, values, get)
		Deliver("a", "b")
		Warm(names)
		Fanout(values)
		Squares(values)
		Abandon(values)
		Window([]func() int{task, task, task})
		Track(values)
		Nudge(names)
		Collect(values)
		Patient(ctx, values)
		Shared(values)
		new(Server).Reading(values)
	}
}
