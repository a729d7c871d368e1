package around

func around() {}

func f() {
	around() // want `^around \(one; see patterns/pool\)$`
	around() //nolint:concurlint // the same exit, so suppressed
}
