//go:build !unix

package main

import "os"

// maxResident is not known on this system.
func maxResident(*os.ProcessState) (int64, bool) { return 0, false }
