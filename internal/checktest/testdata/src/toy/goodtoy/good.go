// Package goodtoy has nothing to report.
package goodtoy

func fine() {}

func f() { fine() }
