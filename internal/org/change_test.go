package org

import (
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
)

func date(y, m, d int) calendar.Date { return calendar.NewDate(y, time.Month(m), d) }

// Rule O-02.
func TestARenamedUnitKeepsEveryNameForItsTime(t *testing.T) {
	u := Unit{ID: "x", Name: "甲县技术监督局", From: date(1995, 1, 1)}
	today := date(2010, 6, 7)
	u, names, err := Rename(u, nil, "甲县质量技术监督局", "县质监局", date(2000, 5, 1), today)
	if err != nil {
		t.Fatal(err)
	}
	u, names, err = Rename(u, names, "乙县质量技术监督局", "县质监局", date(2008, 3, 1), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  calendar.Date
		want string
	}{
		{date(1996, 1, 1), "甲县技术监督局"}, {date(2000, 4, 30), "甲县技术监督局"}, {date(2000, 5, 1), "甲县质量技术监督局"},
		{date(2008, 2, 29), "甲县质量技术监督局"}, {date(2008, 3, 1), "乙县质量技术监督局"}, {today, "乙县质量技术监督局"},
	} {
		if got := NameAt(names, u, c.day); got != c.want {
			t.Errorf("on %s it is called %s, want %s", c.day, got, c.want)
		}
	}
	for key, day := range map[string]calendar.Date{"org.day-before-last": date(2008, 3, 1), "org.day-to-come": date(2010, 6, 8), "org.day-missing": {}} {
		if _, _, err := Rename(u, names, "丙县质量技术监督局", "", day, today); !fault.Is(err, key) {
			t.Errorf("renamed on %q: %v, want %s", day, err, key)
		}
	}
}

// Rule O-02.
func TestAMovedUnitKeepsItsPlaces(t *testing.T) {
	units := map[UnitID]Unit{"a": {ID: "a"}, "b": {ID: "b"}, "x": {ID: "x", Line: "a", Block: "a"}, "y": {ID: "y", Line: "x"}}
	today := date(2010, 6, 7)
	u, parents, err := Move(units["x"], nil, "b", "a", units, date(2010, 1, 1), today)
	if err != nil {
		t.Fatal(err)
	}
	if got := ParentAt(parents, u, Line, date(2009, 12, 31)); got != "a" {
		t.Errorf("the day before it stood below %q, want a", got)
	}
	if got := ParentAt(parents, u, Line, date(2010, 1, 1)); got != "b" {
		t.Errorf("on the day it stands below %q, want b", got)
	}
	if len(parents) != 1 {
		t.Errorf("%d places are recorded, want 1: the block did not change", len(parents))
	}
	for _, below := range []UnitID{"x", "y"} {
		if _, _, err := Move(units["x"], nil, below, "a", units, today, today); !fault.Is(err, "org.above-itself") {
			t.Errorf("moved below %s: %v, want org.above-itself", below, err)
		}
	}
}

// Rule O-12.
func TestNobodyChangesTheirOwnPosts(t *testing.T) {
	h := Holding{Person: "me", Post: "office", From: date(2010, 1, 1)}
	if err := CheckHolding(h, nil, "me"); !fault.Is(err, "person.own-holding") {
		t.Errorf("took a post: %v", err)
	}
	if _, err := EndHolding("me", "office", date(2010, 2, 1), []Holding{h}, "me"); !fault.Is(err, "person.own-holding") {
		t.Errorf("left a post: %v", err)
	}
}

func TestAHoldingBeginsOnceAndEndsAfterItBegan(t *testing.T) {
	h := Holding{Person: "p", Post: "clerk", From: date(2010, 1, 1)}
	if err := CheckHolding(Holding{Person: "p", Post: "clerk", From: date(2010, 3, 1)}, []Holding{h}, "admin"); !fault.Is(err, "person.holds-already") {
		t.Errorf("held twice: %v", err)
	}
	if _, err := EndHolding("p", "clerk", date(2009, 12, 31), []Holding{h}, "admin"); !fault.Is(err, "person.end-before-start") {
		t.Errorf("ended before it began: %v", err)
	}
	ended, err := EndHolding("p", "clerk", date(2010, 1, 31), []Holding{h}, "admin")
	if err != nil || ended.To != date(2010, 1, 31) {
		t.Errorf("ended %v, %v", ended, err)
	}
	if _, err := EndHolding("p", "clerk", date(2010, 2, 1), []Holding{ended}, "admin"); !fault.Is(err, "person.holds-not") {
		t.Errorf("ended twice: %v", err)
	}
	if err := CheckHolding(Holding{Person: "p", Post: "clerk", From: date(2010, 2, 1)}, []Holding{ended}, "admin"); err != nil {
		t.Errorf("came back: %v", err)
	}
}

func TestANewUnitSaysWhatItLacks(t *testing.T) {
	err := CheckUnit(Unit{Region: "51050"})
	list, ok := err.(fault.List)
	if !ok || len(list) != 4 {
		t.Fatalf("got %v, want four faults", err)
	}
	if err := CheckUnit(Unit{Name: "泸州市质检所", Kind: Institution, Level: City, Region: "510500"}); err != nil {
		t.Error(err)
	}
}

func TestALoginHasNoSpaces(t *testing.T) {
	for login, ok := range map[string]bool{"luzhou-clerk": true, "": false, "a b": false, "甲　乙": false} {
		if err := CheckPerson(Person{Name: "联络员", Login: login}); (err == nil) != ok {
			t.Errorf("%q: %v", login, err)
		}
	}
}
