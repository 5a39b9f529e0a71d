// Package migrations holds the numbered SQL that makes and changes the record's tables. Nothing else lives here; package
// store applies it.
package migrations

import "embed"

//go:embed *.sql
var files embed.FS

// Files are the migrations in goose's format, in the order of their numbers.
func Files() embed.FS { return files }
