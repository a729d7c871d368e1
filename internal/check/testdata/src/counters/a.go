package counters // want `^concurlint debug: one: gave up ×2, one: panic: crashed goroutine .*, two: gave up ×3$`

func giveUp()   {}
func crashone() {}

func f() {
	giveUp()
	giveUp()
	crashone()
	giveUp()
}
