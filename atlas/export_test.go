package atlas

// Anew gives the same atlas with nothing known of any set of stations, so that all is searched for from scratch.
func (a *Atlas) Anew() *Atlas {
	n := *a
	n.travel = make(map[string]*travel, len(a.travel))
	for profile, t := range a.travel {
		again := *t
		again.fields = newFields()
		n.travel[profile] = &again
	}
	return &n
}
