package store

import "time"

// Patience is how long s waits for a database that says nothing.
func (s *Store) Patience(d time.Duration) { s.patience = d }
