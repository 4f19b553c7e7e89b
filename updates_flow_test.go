package madoguchi_test

import (
	"go/ast"
	"go/token"
	"slices"
)

// guard goes through what may run after an update's call, and follows what is known of its error.
type guard struct {
	v        *ast.Object
	assigned bool // not looking at the variable is too early, but assigning it

	failure *ast.Object // the variable that holds the update's error, nil = none does
	loop    ast.Node    // the innermost around the statements at hand, nil = none
	known   bool        // the error is nil from here on
	ended   bool        // nothing follows
}

// after goes up from an update's call, which above ends with, to the function's end, and says where the variable is touched
// before the error is known to be nil, or nowhere.
func (g guard) after(above []ast.Node) token.Pos {
	call := above[len(above)-1]
	for i := len(above) - 2; i >= 0 && !g.known && !g.ended && !function(above[i]); i-- {
		at, below := token.NoPos, above[i+1]
		g.loop = loopAround(above[:i])
		switch n := above[i].(type) {
		case *ast.AssignStmt:
			if g.failure = root(n.Lhs[len(n.Lhs)-1]); g.failure == g.v {
				at = n.Pos()
			}
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				if e != below && at == token.NoPos {
					at = g.early(e)
				}
			}
			g.ended = true
		case *ast.IfStmt:
			if below == n.Init || holds(n.Cond, call) { // from within a branch: the other is not taken
				at = g.ifStmt(n, below == n.Init)
			}
		case *ast.BlockStmt:
			at = g.behind(n.List, below)
		case *ast.CaseClause:
			at = g.behind(n.Body, below)
		case *ast.CommClause:
			at = g.behind(n.Body, below)
		case *ast.ForStmt, *ast.RangeStmt: // its next round
			if outside(g.v, n) {
				at = g.early(n)
			}
		}
		if at != token.NoPos {
			return at
		}
	}
	return token.NoPos
}

// behind goes through the statements that follow one.
func (g *guard) behind(list []ast.Stmt, stmt ast.Node) token.Pos {
	i := slices.IndexFunc(list, func(s ast.Stmt) bool { return s == stmt })
	for _, s := range list[i+1:] {
		if at := g.stmt(s); at != token.NoPos || g.known || g.ended {
			return at
		}
	}
	return token.NoPos
}

// stmt says where a statement looks at the variable too early.
func (g *guard) stmt(s ast.Stmt) token.Pos {
	switch s := s.(type) {
	case *ast.IfStmt:
		return g.ifStmt(s, false)
	case *ast.SwitchStmt:
		if s.Tag == nil && s.Init == nil {
			return g.switchStmt(s)
		}
	}
	if at := g.early(s); at != token.NoPos {
		return at
	}
	if a, ok := s.(*ast.AssignStmt); ok && g.failure != nil {
		for _, e := range a.Lhs {
			if root(e) == g.failure {
				g.failure = nil // says something else now
			}
		}
	}
	g.ended = g.ends([]ast.Stmt{s})
	return token.NoPos
}

// early says where a node touches the variable, apart from what runs only where the error is nil.
func (g *guard) early(n ast.Node) (at token.Pos) {
	if n == nil {
		return token.NoPos
	}
	names := fieldNames(n)
	touch := func(v *ast.Object, e ast.Node) {
		if v == g.v && at == token.NoPos {
			at = e.Pos()
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.LAND && g.says(n.X, token.EQL, token.LAND) || n.Op == token.LOR && g.says(n.X, token.NEQ, token.LOR) {
				at = max(at, g.early(n.X))
				return false
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				touch(root(e), e)
			}
		case *ast.IncDecStmt:
			touch(root(n.X), n)
		case *ast.Ident:
			if !g.assigned && !names[n] {
				touch(n.Obj, n)
			}
		}
		return at == token.NoPos
	})
	return at
}

// says reports whether a condition compares the error with nil, alone or together with others.
func (g *guard) says(cond ast.Expr, compares, joins token.Token) bool {
	b, ok := cond.(*ast.BinaryExpr)
	if !ok || g.failure == nil {
		return false
	}
	if b.Op == joins {
		return g.says(b.X, compares, joins) || g.says(b.Y, compares, joins)
	}
	nothing, ok := b.Y.(*ast.Ident)
	return ok && b.Op == compares && root(b.X) == g.failure && nothing.Name == "nil"
}

// ifStmt goes through both branches; begun says that the update is in its first part.
func (g *guard) ifStmt(s *ast.IfStmt, begun bool) token.Pos {
	if !begun && s.Init != nil {
		if at := g.stmt(s.Init); at != token.NoPos {
			return at
		}
	}
	if at := g.early(s.Cond); at != token.NoPos {
		return at
	}
	good, bad := g.says(s.Cond, token.EQL, token.LAND), g.says(s.Cond, token.NEQ, token.LOR)
	if !good {
		if at := g.branch(s.Body); at != token.NoPos {
			return at
		}
	}
	if s.Else != nil && !bad {
		if at := g.branch(s.Else); at != token.NoPos {
			return at
		}
	}
	g.known = g.known || bad && g.ends(s.Body.List)
	return token.NoPos
}

// branch looks at statements that may not run.
func (g *guard) branch(s ast.Stmt) token.Pos {
	inner := *g
	if b, ok := s.(*ast.BlockStmt); ok {
		return inner.behind(b.List, nil)
	}
	return inner.stmt(s)
}

func (g *guard) switchStmt(s *ast.SwitchStmt) token.Pos {
	failed := false // an earlier case took the error
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		good := failed || len(c.List) > 0
		for _, cond := range c.List {
			if !failed {
				if at := g.early(cond); at != token.NoPos {
					return at
				}
			}
			good = good && (failed || g.says(cond, token.EQL, token.LAND))
			if g.says(cond, token.NEQ, token.LOR) {
				failed = true
				g.known = g.known || g.ends(c.Body)
			}
		}
		if !good {
			if at := g.branch(&ast.BlockStmt{List: c.Body}); at != token.NoPos {
				return at
			}
		}
	}
	return token.NoPos
}

// ends reports whether nothing that could look at the variable follows a list of statements. Where a loop goes on, its next
// round could, unless the variable begins anew with it.
func (g *guard) ends(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.CONTINUE && s.Label == nil && g.loop != nil && !outside(g.v, g.loop)
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		return ok && called(call) == "panic"
	}
	return false
}

// innermost is the last node of a kind on a way down.
func innermost(above []ast.Node, kind func(ast.Node) bool) ast.Node {
	for _, n := range slices.Backward(above) {
		if kind(n) {
			return n
		}
	}
	return nil
}

func function(n ast.Node) bool {
	switch n.(type) {
	case *ast.FuncLit, *ast.FuncDecl:
		return true
	}
	return false
}

// loopAround is the innermost loop of a way down, within the innermost function; nil = none.
func loopAround(above []ast.Node) ast.Node {
	n := innermost(above, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return function(n)
	})
	if n == nil || function(n) {
		return nil
	}
	return n
}

// pointing reports whether a variable is a receiver or parameter whose fields others see.
func pointing(v *ast.Object) bool {
	f, ok := v.Decl.(*ast.Field)
	if !ok {
		return false
	}
	_, ok = f.Type.(*ast.StarExpr)
	return ok
}

func outside(v *ast.Object, n ast.Node) bool { return v.Pos() < n.Pos() || n.End() < v.Pos() }

func holds(outer, inner ast.Node) bool {
	return outer != nil && outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}
