package badacross

import "across/stream"

// All fetches the pages.
func All(urls []string, get func(string) string) {
	for _, u := range urls {
		stream.Spawn(func() { // want `goroutine per element of urls`
			get(u)
		})
	}
}
