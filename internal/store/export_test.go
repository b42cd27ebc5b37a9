package store

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"time"
)

// KeepBurden keeps a count as of a large office.
func (s *Store) KeepBurden(office org.UnitID, month calendar.Period, limit int, b Burden) {
	s.held.asked.keep(askedFor{office, month, limit}, b.Units, b.Counted)
}

// KeepOverdue keeps a count as of a large office.
func (s *Store) KeepOverdue(office org.UnitID, on calendar.Date, named int, o Overdue) {
	s.held.overdue.keep(overdueFor{office, on, named}, o.Units, o.Counted)
}

// KeepPublic keeps a count as of a country.
func (s *Store) KeepPublic(year int, c PublicCount) {
	s.held.public.keep(publicOf{year, s.Today()}, c, c.Counted)
}

// KeepPeriods keeps a count as of a large office, of so many reports for a period.
func (s *Store) KeepPeriods(office org.UnitID, first, period calendar.Period, reports int, at time.Time) {
	s.held.periods.keep(periodsOf{office, first}, []periodCount{{period: period, reports: reports}}, at)
}

// KeepDirectory keeps a count as of a country.
func (s *Store) KeepDirectory(n DirectoryCount) { s.held.people.keep(s.Today(), n, n.Counted) }

// KeepMonth keeps what a leader sees of a month as of many rows.
func (v *View) KeepMonth(m MonthView) { v.store.held.months.keep(v.monthOf(), m, m.Counted) }
