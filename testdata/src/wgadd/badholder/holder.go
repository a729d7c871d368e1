// Package badholder holds groups that live in structs, slices, maps and package variables.
package badholder

import "sync"

// A batch is its own group.
type batch struct {
	sync.WaitGroup
	rows []string
}

// AddEmbedded is bad: the promoted Add is sync.WaitGroup's, and the goroutine calls it.
func AddEmbedded(b *batch, write func(string)) {
	for _, r := range b.rows {
		go func() {
			b.Add(1) // want "b\\.Add"
			defer b.Done()
			write(r)
		}()
	}
	b.Wait()
}

type shard struct {
	wg   sync.WaitGroup
	keys []string
}

// AddInSlice is bad: the element's group is counted by the goroutine that works on it.
func AddInSlice(shards []shard, compact func(string)) {
	for i := range shards {
		for _, k := range shards[i].keys {
			go func() {
				shards[i].wg.Add(1) // want "shards\\[i\\]\\.wg\\.Add"
				defer shards[i].wg.Done()
				compact(k)
			}()
		}
	}
	for i := range shards {
		shards[i].wg.Wait()
	}
}

// AddInMap is bad: the group found in the map is the one that is Waited for.
func AddInMap(groups map[string]*sync.WaitGroup, tenant string, jobs []func()) {
	for _, job := range jobs {
		go func() {
			groups[tenant].Add(1) // want "groups\\[tenant\\]\\.Add"
			defer groups[tenant].Done()
			job()
		}()
	}
	groups[tenant].Wait()
}

// AddInLoopVariable is bad: s points to the shard, the goroutine counts in its group.
func AddInLoopVariable(shards []*shard, compact func([]string)) {
	for _, s := range shards {
		go func() {
			s.wg.Add(1) // want "s\\.wg\\.Add"
			defer s.wg.Done()
			compact(s.keys)
		}()
	}
	for _, s := range shards {
		s.wg.Wait()
	}
}

type service struct {
	name string
	bg   struct {
		tasks sync.WaitGroup
	}
}

// AddInNestedField is bad: however deep the field, the goroutine counts itself.
func (s *service) AddInNestedField(jobs []func(name string)) {
	for _, job := range jobs {
		go func() {
			s.bg.tasks.Add(1) // want "s\\.bg\\.tasks\\.Add"
			defer s.bg.tasks.Done()
			job(s.name)
		}()
	}
	s.bg.tasks.Wait()
}

type fleet struct {
	wg *sync.WaitGroup
}

// AddInPointerField is bad: the local group and the field are the same.
func AddInPointerField(hosts []string, deploy func(string)) {
	var wg sync.WaitGroup
	f := &fleet{wg: &wg}
	for _, h := range hosts {
		go f.deploy(h, deploy)
	}
	wg.Wait()
}

func (f *fleet) deploy(host string, deploy func(string)) {
	f.wg.Add(1) // want "f\\.wg\\.Add"
	defer f.wg.Done()
	deploy(host)
}
