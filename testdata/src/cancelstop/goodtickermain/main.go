// Command goodtickermain ends right after it has stopped its ticker.
package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTicker(time.Second)
	go func() {
		for range t.C {
			fmt.Println("tick")
		}
	}()
	time.Sleep(time.Minute)
	t.Stop()
}
