// Package errgroupctx defines an Analyzer that finds misuses of the context
// that errgroup.WithContext returns.
//
// # Analyzer errgroupctx
//
// errgroupctx: report tasks that miss the group's context, and its use after Wait
package errgroupctx
