// Package errgroupwait defines an Analyzer that finds groups that are not waited for.
//
// # Analyzer errgroupwait
//
// errgroupwait: report groups not waited for, lost errors, and limits that block
package errgroupwait
