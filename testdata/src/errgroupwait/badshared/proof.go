//go:build proof

package badshared

import (
	"context"
	"errors"
)

var urls = []string{"a", "b", "c", "d"}

func pass(string) error { return nil }

func page(context.Context) (string, error) { return "", nil }

// claim: race
func driveOuterError() { OuterError(urls, pass) }

// claim: race
func driveTwoTasks() { TwoTasks(context.Background(), page, page) }

// claim: race
func driveSum() { Sum(urls, func(string) (int, error) { return 1, nil }) }

// claim: race
func driveCount() { Count(urls, func(string) error { return errors.New("failed") }) }

// claim: race
func driveAppend() { Append(urls, func(u string) (string, error) { return u, nil }) }

// claim: race
func driveMap() { Map(urls, func(u string) (string, error) { return u, nil }) }

// claim: race
func driveField() { new(stats).Field(urls, func(string) int { return 1 }) }

// claim: race
func driveMapInField() { (&stats{seen: make(map[string]bool)}).MapInField(urls) }
