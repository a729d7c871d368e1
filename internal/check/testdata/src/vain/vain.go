package vain

func crashone() {}

func f() {
	crashone()
	_ = 1 //concurlint:ignore one nobody knows
	_ = 2 //concurlint:ignore two the reason // want `of no use: two would`
}
