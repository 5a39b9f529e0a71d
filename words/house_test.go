package words

import (
	"go/ast"
	"go/constant"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"
)

// A house is what its source says, each with a place where it does.
type house struct {
	sentences map[string]string
	words     map[string]string // constants of the type kora.Word
	fields    map[string]string
	variable  []string // places of sentences that are no constants

	packages []*packages.Package
	format   map[types.Object]int   // which argument of a function is the format of a sentence
	owner    map[types.Object]owner // of a parameter
}

type owner struct {
	function types.Object
	index    int
}

// mute are packages that talk to operators and tests only.
var mute = map[string]bool{"kora/store/cluster": true, "kora/atlas/atlastest": true, "kora/words": true}

// readHouse follows formats from kora.Refuse and Sayf to whoever hands them on, and so to the constants.
func readHouse(t *testing.T) *house {
	t.Helper()
	all, err := packages.Load(&packages.Config{Context: t.Context(), Mode: packages.LoadSyntax, Dir: ".."}, "kora/...")
	if err != nil || packages.PrintErrors(all) > 0 {
		t.Fatalf("load the source: %v", err)
	}
	h := &house{
		sentences: map[string]string{}, words: map[string]string{}, fields: map[string]string{},
		packages: all, format: map[types.Object]int{}, owner: map[types.Object]owner{},
	}
	var refuse, word types.Object
	for _, p := range all {
		switch p.PkgPath {
		case "kora":
			refuse, word = p.Types.Scope().Lookup("Refuse"), p.Types.Scope().Lookup("Word")
			h.format[refuse] = 3
		case "kora/words":
			sayf, _, _ := types.LookupFieldOrMethod(p.Types.Scope().Lookup("Language").Type(), false, p.Types, "Sayf")
			h.format[sayf] = 0
		}
	}
	h.each(h.declare)
	for known := 0; known != len(h.format); {
		known = len(h.format)
		h.each(func(p *packages.Package, n ast.Node) {
			if c, format := h.telling(p, n); c != nil {
				if o, ok := h.owner[used(p, c.Args[format])]; ok {
					h.format[o.function] = o.index
				}
			}
		})
	}
	h.each(func(p *packages.Package, n ast.Node) {
		if mute[p.PkgPath] {
			return
		}
		if e, ok := n.(ast.Expr); ok {
			if v := p.TypesInfo.Types[e]; v.Value != nil && types.Identical(v.Type, word.Type()) {
				h.words[constant.StringVal(v.Value)] = place(p, n)
			}
		}
		c, format := h.telling(p, n)
		if c == nil {
			return
		}
		if v := p.TypesInfo.Types[c.Args[format]].Value; v != nil {
			h.sentences[constant.StringVal(v)] = place(p, n)
		} else if _, handedOn := h.owner[used(p, c.Args[format])]; !handedOn {
			h.variable = append(h.variable, place(p, n))
		}
		if callee(p, c) == refuse {
			if v := p.TypesInfo.Types[c.Args[1]].Value; v != nil {
				h.fields[constant.StringVal(v)] = place(p, n)
			}
		}
	})
	return h
}

func (h *house) each(visit func(*packages.Package, ast.Node)) {
	for _, p := range h.packages {
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				visit(p, n)
				return true
			})
		}
	}
}

// declare remembers whose the parameters of a function are, and of a function literal that has a name.
func (h *house) declare(p *packages.Package, n ast.Node) {
	own := func(function types.Object, signature types.Type) {
		params := signature.(*types.Signature).Params()
		for i := range params.Len() {
			h.owner[params.At(i)] = owner{function, i}
		}
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		f := p.TypesInfo.Defs[n.Name]
		own(f, f.Type())
	case *ast.AssignStmt:
		for i, right := range n.Rhs {
			if _, literal := right.(*ast.FuncLit); literal && len(n.Lhs) == len(n.Rhs) {
				if name, ok := n.Lhs[i].(*ast.Ident); ok {
					own(p.TypesInfo.ObjectOf(name), p.TypesInfo.TypeOf(right))
				}
			}
		}
	}
}

// telling gives a call that tells a sentence, and which of its arguments is the format.
func (h *house) telling(p *packages.Package, n ast.Node) (*ast.CallExpr, int) {
	c, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, 0
	}
	format, ok := h.format[callee(p, c)]
	if !ok || format >= len(c.Args) {
		return nil, 0
	}
	return c, format
}

func callee(p *packages.Package, c *ast.CallExpr) types.Object {
	fun := ast.Unparen(c.Fun)
	if s, ok := fun.(*ast.SelectorExpr); ok {
		fun = s.Sel
	}
	if f, ok := used(p, fun).(*types.Func); ok {
		return f.Origin() // of a generic type
	}
	return used(p, fun)
}

func used(p *packages.Package, e ast.Expr) types.Object {
	if id, ok := e.(*ast.Ident); ok {
		return p.TypesInfo.Uses[id]
	}
	return nil
}

func place(p *packages.Package, n ast.Node) string { return p.Fset.Position(n.Pos()).String() }
