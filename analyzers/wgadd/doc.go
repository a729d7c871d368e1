// Package wgadd defines an Analyzer that finds calls of WaitGroup.Add that
// Wait can overtake.
//
// # Analyzer wgadd
//
// wgadd: report a WaitGroup.Add that Wait can overtake
package wgadd
