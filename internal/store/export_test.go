package store

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// KeepBurden keeps a count as of a large office.
func (s *Store) KeepBurden(office org.UnitID, month calendar.Period, limit int, b Burden) {
	s.asked.Lock()
	defer s.asked.Unlock()
	s.asked.of[askedFor{office, month, limit}] = b
}
