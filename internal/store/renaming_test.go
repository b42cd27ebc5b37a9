package store_test

import (
	"slices"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// Rule O-02: beside an old text stands what its units are called today, after a
// renaming and after a merger, and nothing for a name that no unit bore.
func TestAnOldTextTellsWhatItsUnitsAreCalledToday(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		m := w.Memorandum() // signed on 6 January by the bureau and 泸州's government
		w.On(2010, 6, 7)
		ctx, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin)
		for _, c := range []struct {
			id      org.UnitID
			version int64
			name    string
			day     calendar.Date
		}{
			{testkit.ProvinceBureau, 1, "四川省质量监督局", calendar.NewDate(2010, 3, 1)},
			{testkit.LuzhouFarm, 1, "泸州市农业农村局", calendar.NewDate(2010, 2, 1)},
			{testkit.LuzhouFarm, 2, "泸州市农业委员会", calendar.NewDate(2010, 4, 1)},
		} {
			if _, err := w.Desk.ChangeUnit(ctx, admin, "", c.id, act.UnitChange{Version: c.version, Rename: true, Name: c.name, Day: c.day}); err != nil {
				t.Fatal(err)
			}
		}
		v := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		got, err := v.Renamings(ctx, []store.Called{
			{Unit: testkit.LuzhouFarm, Name: "泸州市农业局"}, {Unit: testkit.LuzhouFarm, Name: "泸州市农业农村局"}, {Unit: testkit.LuzhouFarm, Name: "市农业局"},
			{Unit: testkit.LuzhouFarm, Name: "泸州市农业委员会"}, {Unit: testkit.LuzhouGov, Name: "泸州市人民政府"}, {Unit: "nobody", Name: "无"},
		})
		want := []store.Renaming{
			{Called: store.Called{Unit: testkit.LuzhouFarm, Name: "泸州市农业局"}, Now: "泸州市农业委员会", Day: calendar.NewDate(2010, 2, 1)},
			{Called: store.Called{Unit: testkit.LuzhouFarm, Name: "泸州市农业农村局"}, Now: "泸州市农业委员会", Day: calendar.NewDate(2010, 4, 1)},
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("renamed: %+v, %v", got, err)
		}
		read, err := v.Memorandum(ctx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		bureau := store.Renaming{Called: store.Called{Unit: testkit.ProvinceBureau, Name: "四川省质量技术监督局"}, Now: "四川省质量监督局", Day: calendar.NewDate(2010, 3, 1)}
		if got, err := v.Renamed(ctx, read); err != nil || !slices.Equal(got, []store.Renaming{bureau}) {
			t.Errorf("the memorandum: %+v, %v", got, err)
		}
		steps, err := v.Timeline(ctx, read)
		if err != nil {
			t.Fatal(err)
		}
		var renamed []store.Step
		for _, x := range steps {
			if x.Kind == store.StepRenamed {
				renamed = append(renamed, x)
			}
		}
		if len(renamed) != 1 || renamed[0].Day != bureau.Day || renamed[0].Who != bureau.Name || renamed[0].Now != bureau.Now {
			t.Errorf("the timeline: %+v", renamed)
		}

		// Then it is merged: the text's own name leads to the successor.
		_, next, err := w.Desk.AddUnit(ctx, admin, "", org.Unit{Name: "四川省市场监督管理局", Kind: org.Agency, Level: org.Province, Region: "510000", Block: testkit.ProvinceGov, From: calendar.NewDate(2010, 6, 1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Merge(ctx, admin, "", testkit.ProvinceBureau, 2, next, calendar.NewDate(2010, 6, 7)); err != nil {
			t.Fatal(err)
		}
		bureau.Now, bureau.Day = "四川省市场监督管理局", calendar.NewDate(2010, 6, 7)
		gov := w.Store.View(w.Caller(testkit.LuzhouGov, org.Office))
		if read, err = gov.Memorandum(ctx, m.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := gov.Renamed(ctx, read); err != nil || !slices.Equal(got, []store.Renaming{bureau}) {
			t.Errorf("the memorandum of the merged: %+v, %v", got, err)
		}
	})
}
