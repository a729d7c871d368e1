// Package directives holds right and wrong directives.
package directives

func one(...int) {}
func two() int   { return 2 }

func used() {
	one() //concurlint:ignore one the reason
	//concurlint:ignore two the reason
	two()
	//concurlint:ignore one,two both
	one(two())
}

func wrong() {
	one() //concurlint:ignore one // want `gives no reason .*: write //concurlint:ignore one REASON \(concurlint\)$`
	one() //concurlint:ignore three the reason // want `names no check of concurlint: three \(there are one, two\)`
	two() //concurlint:ignore one the reason // want `of no use: one would report nothing here`
	one() // concurlint:ignore one the reason // want `starts with a space`
	one() //concurlint:skip one the reason // want `unknown directive //concurlint:skip`
}

func several() {
	one() //concurlint:ignore one,three,two the reason // want `names no check of concurlint: three .*; directive is of no use: two would`
}

func foreign() {
	//nolint:one
	_ = 1
	//lint:ignore one the reason
	_ = 2
}

func silenced() {
	//nolint:concurlint
	{
		_ = 1 //concurlint:ignore one the reason
	}
}
