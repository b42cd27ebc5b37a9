package task_test

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

func TestAChangedTableReseatsATask(t *testing.T) { // Rule I-65
	due := calendar.NewDate(2010, 6, 11)
	k := task.Task{ID: "k", State: task.InForce, Leads: []org.UnitID{"a"}, Cooperating: []org.UnitID{"b", "c"}}
	parts := []task.Part{
		{Task: "k", Unit: "a", Role: task.Lead, State: task.PartSigned},
		{Task: "k", Unit: "b", Role: task.Cooperating, State: task.PartSigned},
		{Task: "k", Unit: "c", Role: task.Cooperating, State: task.PartWaiting},
	}
	next, all, err := task.Reseat(k, parts, []org.UnitID{"a", "d"}, []org.UnitID{"b"}, nil, nil, due)
	if err != nil || len(all) != 3 || all[0].State != task.PartSigned || all[1].State != task.PartWaiting || all[1].Due != due || all[2].Unit != "b" {
		t.Fatalf("parts %+v, %v", all, err)
	}
	if s := task.Settle(next, all); s != task.Issued {
		t.Errorf("with a new lead the task is %s, want issued until it signs", s)
	}
	for name, c := range map[string]struct {
		leads, helps []org.UnitID
		reported     []org.UnitID
		setters      []org.UnitID
		want         string
	}{
		"a unit that reported stays":     {[]org.UnitID{"d"}, []org.UnitID{"b", "c"}, []org.UnitID{"a"}, nil, "reimport.unit-reported"},
		"it stays in its role":           {[]org.UnitID{"a", "b"}, []org.UnitID{"c"}, []org.UnitID{"b"}, nil, "reimport.unit-reported"},
		"who gave out parts stays":       {[]org.UnitID{"d"}, []org.UnitID{"a"}, nil, []org.UnitID{"a"}, "reimport.unit-split"},
		"others that reported are kept":  {[]org.UnitID{"a"}, []org.UnitID{"b"}, []org.UnitID{"a", "b"}, nil, ""},
		"a helper becomes a second lead": {[]org.UnitID{"a", "c"}, []org.UnitID{"b"}, nil, []org.UnitID{"a"}, ""},
	} {
		_, _, err := task.Reseat(k, parts, c.leads, c.helps, c.reported, c.setters, due)
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
