package org

import (
	"encoding/csv"
	"fmt"
	"strings"

	"gongjian/internal/calendar"
)

// FormerNames returns the names that units bore when their territory was called
// otherwise (会理县财政局 until 2021), for the territories of renamed.csv: the names
// of GB/T 2260 are those of one year.
func FormerNames(regions *Regions, units []Unit) ([]Name, error) {
	f, err := tables.Open("renamed.csv")
	if err != nil {
		return nil, fmt.Errorf("org: opening the former names: %w", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("org: reading the former names: %w", err)
	}
	type former struct {
		name  string
		until calendar.Date
	}
	renamed := map[RegionCode]former{}
	for _, row := range rows[1:] {
		until, err := calendar.ParseDate(row[2])
		if err != nil {
			return nil, fmt.Errorf("org: reading the former names: %w", err)
		}
		renamed[RegionCode(row[0])] = former{row[1], until}
	}
	var out []Name
	for _, u := range units {
		was, ok := renamed[u.Region]
		region, known := regions.By(u.Region)
		if !ok || !known {
			continue
		}
		now := region.Name
		if city, ok := regions.By(region.Parent); ok && strings.HasPrefix(u.Name, city.Name) && !strings.HasSuffix(was.name, "区") {
			now = city.Name + now // a county's papers did not put its city in front
		}
		if name := strings.Replace(u.Name, now, was.name, 1); name != u.Name {
			out = append(out, Name{Unit: u.ID, Name: name, To: was.until})
		}
	}
	return out, nil
}
