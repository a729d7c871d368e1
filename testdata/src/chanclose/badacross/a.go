package badacross

import "across/stream"

func print(words []string, show func(string)) {
	out := make(chan string)
	go stream.Send(out, words...)
	for w := range out { // want `out is never closed: this range blocks forever`
		show(w)
	}
}
