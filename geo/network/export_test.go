package network

import "github.com/paulmach/orb"

// Pieces takes a network apart again: the straight pieces of all edges, between nodes and bends.
func Pieces(n *Network) (nodes []orb.Point, edges []Edge) {
	nodes = make([]orb.Point, len(n.nodes)+len(n.bends))
	n.EachPiece(func(_ int32, a, b orb.Point, p Edge) {
		nodes[p.From], nodes[p.To] = a, b
		edges = append(edges, p)
	})
	return nodes, edges
}
