package store

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// KeepBurden keeps a count as of a large office.
func (s *Store) KeepBurden(office org.UnitID, month calendar.Period, limit int, b Burden) {
	s.held.asked.keep(askedFor{office, month, limit}, b.Units, b.Counted)
}

// KeepOverdue keeps a count as of a large office.
func (s *Store) KeepOverdue(office org.UnitID, on calendar.Date, named int, o Overdue) {
	s.held.overdue.keep(overdueFor{office, on, named}, o.Units, o.Counted)
}
