package importers

import "io"

// maxTokenBytes is how much of a file one token of JSON or XML may take up, with what the decoder reads ahead.
const maxTokenBytes = 2 << 20

// A gate is a reader that stops when more than maxTokenBytes pass between two calls of open. Decoders keep a token whole, so
// without it a string that never ends would take as much memory as the file is long.
type gate struct {
	r      io.Reader
	passed int
	shut   error // what reading on gives then
}

func (g *gate) open() { g.passed = 0 }

func (g *gate) Read(p []byte) (int, error) {
	if g.passed > maxTokenBytes {
		return 0, g.shut
	}
	n, err := g.r.Read(p)
	g.passed += n
	return n, err
}
