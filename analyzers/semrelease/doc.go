// Package semrelease defines an Analyzer that finds semaphores that are not
// released, or released without having been acquired.
//
// # Analyzer semrelease
//
// semrelease: TODO
package semrelease
