package report

// SuggestedFix exposes the judgement on a fix to the tests.
var SuggestedFix = suggestedFix
