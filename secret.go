package kora

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a text about a person. However it is printed, logged or encoded it reads "[redacted]"; only Reveal gives it
// away. Keep it in exported fields: fmt cannot ask the values of others how they want to be printed.
type Secret string

const redacted = "[redacted]"

// Reveal is the text itself, for whoever may see it.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, redacted) }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
