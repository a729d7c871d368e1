package main

import (
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

func init() {
	// Is good: ListenAndServe takes as long as the process lives.
	var g errgroup.Group
	g.Go(func() error {
		return http.ListenAndServe(":8081", nil)
	})
	_ = http.ListenAndServe(":8080", nil)
}

func init() {
	// May be good: it gives the task some time.
	var g errgroup.Group
	g.Go(func() error {
		return http.ListenAndServe(":8082", nil)
	})
	time.Sleep(time.Second)
}
