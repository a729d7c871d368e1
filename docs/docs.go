// Package docs holds the pages that the command prints, too.
package docs

import _ "embed"

// Choosing is choosing.md, the guide to the patterns.
//
//go:embed choosing.md
var Choosing string
