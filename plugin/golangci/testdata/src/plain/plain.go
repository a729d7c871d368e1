// Package plain is one in which there is nothing to find.
package plain
