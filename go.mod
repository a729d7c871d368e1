module github.com/concurlint/concurlint

go 1.26.0

require golang.org/x/tools v0.48.0
