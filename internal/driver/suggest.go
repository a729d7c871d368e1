package driver

// didYouMean returns a phrase that suggests the candidate closest to a
// misspelt name, or "" if none is close. The prefix goes before the name.
func didYouMean(prefix, name string, candidates []string) string {
	best, bestDistance := "", len(name)/3+2 // farther away is another word
	for _, c := range candidates {
		if d := editDistance(name, c); d < bestDistance && d < len(c) {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + prefix + best + "?"
}

// editDistance returns the number of bytes to insert, delete or replace that
// lead from a to b (Levenshtein).
func editDistance(a, b string) int {
	// row[j] is the distance from the part of a read so far to b[:j].
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0] // the distance from a[:i] to b[:j]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
