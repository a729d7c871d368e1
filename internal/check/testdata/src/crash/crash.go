package crash

func one()      {}
func crashone() {}

func f() {
	one() // want `^call of one \(one; see patterns/pool\)$`
	crashone()
	one()
}
