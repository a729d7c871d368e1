package badtypes

import gosync "sync"

// AddOfRenamedImport is bad: the package has another name here, the type is the same.
func AddOfRenamedImport(jobs []func()) {
	var wg gosync.WaitGroup
	for _, job := range jobs {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}
