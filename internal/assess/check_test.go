package assess

import (
	"errors"
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Rule A-17: each slip is found where it is.
func TestEverySlipOfASchemeIsNamed(t *testing.T) {
	for want, change := range map[string]func(*Scheme){
		"assess.scheme.no-name":        func(s *Scheme) { s.Name = "" },
		"assess.scheme.version":        func(s *Scheme) { s.Version = 0 },
		"assess.scheme.no-items":       func(s *Scheme) { s.Items = nil },
		"assess.scheme.places":         func(s *Scheme) { s.Rounding.TotalPlaces = 3 },
		"assess.scheme.mode":           func(s *Scheme) { s.Rounding.Mode = "up" },
		"assess.scheme.no-bands":       func(s *Scheme) { s.Bands = nil },
		"assess.scheme.grade-twice":    func(s *Scheme) { s.Bands[1].Grade = "A" },
		"assess.scheme.bands-order":    func(s *Scheme) { s.Bands[1].From = Whole(90) },
		"assess.scheme.band-finer":     func(s *Scheme) { s.Bands[0].From = points(t, "89.95") },
		"assess.scheme.bands-gap":      func(s *Scheme) { s.Bands[3].From = Whole(1) },
		"assess.scheme.occurrence-key": func(s *Scheme) { s.Occurrences[1].Key = SampleAward },
		"assess.scheme.sum":            func(s *Scheme) { s.Points = Whole(101) },
		"assess.scheme.ties":           func(s *Scheme) { s.Ties.Rule = "lot" },
		"assess.scheme.ties-item":      func(s *Scheme) { s.Ties = Ties{TiesByItems, []string{"9"}} },
		"assess.scheme.group-key":      func(s *Scheme) { s.Groups = append(s.Groups, s.Groups[0]) },
		"assess.scheme.group-empty":    func(s *Scheme) { s.Groups[0].Level = "" },
		"assess.scheme.group-subject":  func(s *Scheme) { s.Groups[0].Subjects = []org.RegionCode{"5101"} },
		"assess.item.number-twice":     func(s *Scheme) { s.Items[1].Children[2].No = "2.2" },
		"assess.item.no-title":         func(s *Scheme) { s.Items[1].Title = "" },
		"assess.item.sum":              func(s *Scheme) { s.Items[1].Children[0].Points = points(t, "1.5") },
		"assess.item.points":           func(s *Scheme) { s.Items[1].Children[0].Points = points(t, "0.155") },
		"assess.item.heading":          func(s *Scheme) { s.Items[0].Kind = Plain },
		"assess.item.method":           func(s *Scheme) { s.Items[1].Children[0].Method = "guess" },
		"assess.item.no-points":        func(s *Scheme) { s.Items[1].Children[0].Points = Points{} },
		"assess.item.absent":           func(s *Scheme) { s.Items[1].Children[0].Absent = "zero" },
		"assess.item.parameter":        func(s *Scheme) { s.Items[3].Children[1].Each = Points{} },
		"assess.item.source":           func(s *Scheme) { s.Items[1].Children[0].Source = Source{Kind: FromOccurrences} },
		"assess.item.selector":         func(s *Scheme) { s.Items[1].Children[0].Source.Fields[0] = "brands" },
		"assess.item.second-rest": func(s *Scheme) {
			s.Items[1].Children[0].Source = s.Items[1].Children[4].Source
		},
		"assess.item.too-deep": func(s *Scheme) {
			for range 6 {
				s.Items = []Item{part("p", "层", 100, s.Items...)}
			}
		},
	} {
		s := SampleScheme()
		change(&s)
		err := s.Check()
		var all fault.List
		errors.As(err, &all)
		found := false
		for _, f := range all {
			found = found || f.Key == want && f.Kind == fault.Invalid && f.Field != ""
		}
		if !found {
			t.Errorf("%s is not among %v", want, err)
		}
		if _, err := Score(s, liangshan()); err == nil {
			t.Errorf("%s: the scheme was scored all the same", want)
		}
	}
}

// Rule A-17: too much is a slip as well as too little.
func TestPointsMustAddUpExactly(t *testing.T) {
	for _, change := range []func(*Scheme){
		func(s *Scheme) { s.Points = points(t, "99.99") },
		func(s *Scheme) { s.Items[1].Children[0].Points = points(t, "15.01") },
	} {
		s := SampleScheme()
		change(&s)
		if err := s.Check(); !fault.Is(err, "assess.scheme.sum") && !fault.Is(err, "assess.item.sum") {
			t.Errorf("%v", err)
		}
	}
}

// Rule A-17: a label of 0.2 beside a stored 2, one number twice, a wrong sum: all at once.
func TestAllSlipsAreShownTogether(t *testing.T) {
	s := SampleScheme()
	s.Items[0].Children[0].Points = Whole(2)
	s.Items[1].Children[2].No = "2.2"
	s.Ties.Rule = ""
	var all fault.List
	if !errors.As(s.Check(), &all) || len(all) != 4 { // sum of 1, ladder above 2 points, number 2.2, ties
		t.Errorf("faults %v", all)
	}
}

func TestParametersAreAskedForByTheMethod(t *testing.T) {
	occ := Source{Kind: FromOccurrences, Occurrence: SampleAward}
	for name, it := range map[string]Item{
		"veto without grade":      item(Veto, CapsGrade, 0, occ),
		"bonus without each":      item(Bonus, PerBonus, 5, occ),
		"steps without base":      item(Plain, Stepped, 5, occ),
		"ladder without rungs":    item(Plain, Rungs, 5, occ),
		"judged without limit":    item(Deduction, Judged, 0, Source{Kind: FromJudgement}),
		"share of late reports":   item(Plain, Share, 5, Source{Kind: FromReporting, Reporting: Late}),
		"missing of timely ones":  {No: "1", Title: "x", Kind: Plain, Method: Missing, Points: Whole(5), Each: Whole(1), Source: Source{Kind: FromReporting, Reporting: OnTime}},
		"share without of":        item(Plain, Share, 5, brandTasks(Completion, "")),
		"value of completion":     item(Plain, Value, 5, brandTasks(Completion, OfCourse)),
		"fields and rest":         item(Plain, Share, 5, Source{Kind: FromTasks, Rest: true, Fields: []task.Field{task.FieldFood}, Measure: FinishedOf}),
		"unknown occurrence":      item(Veto, CapsGrade, 0, Source{Kind: FromOccurrences, Occurrence: "x"}),
		"completion without bare": item(Plain, Share, 5, Source{Kind: FromTasks, Rest: true, Measure: Completion, Of: OfCourse}),
	} {
		if schemeOf(it).Check() == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}

func TestFactsThatCannotBeAreRefused(t *testing.T) {
	for want, change := range map[string]func(*Inputs){
		"assess.inputs.subject":          func(in *Inputs) { in.Subject = "凉山" },
		"assess.inputs.before-scheme":    func(in *Inputs) { in.AsOf.Year = 2009 },
		"assess.inputs.task-twice":       func(in *Inputs) { in.Tasks = append(in.Tasks, in.Tasks[0]) },
		"assess.inputs.weight":           func(in *Inputs) { in.Tasks[0].Weight = 0 },
		"assess.inputs.figure":           func(in *Inputs) { in.Tasks[0].Verified = -1 << 63 },
		"assess.inputs.occurrence-twice": func(in *Inputs) { in.Occurrences[1].ID = "o1" },
		"assess.inputs.count":            func(in *Inputs) { in.Occurrences[1].Count = -3 },
		"assess.inputs.reporting":        func(in *Inputs) { in.Reporting.Due = 3 },
	} {
		in := liangshan()
		change(&in)
		var all fault.List
		if !errors.As(in.Check(SampleScheme()), &all) || len(all) != 1 || all[0].Key != want {
			t.Errorf("%v, want %s", all, want)
		}
		if _, err := Score(SampleScheme(), in); !fault.Is(err, want) {
			t.Errorf("scored with %s: %v", want, err)
		}
	}
}

func TestFactsOfAnotherSchemeAreLeftAside(t *testing.T) {
	in := liangshan()
	in.Occurrences = append(in.Occurrences, Occurrence{ID: "o9", Kind: "of-another-scheme", On: may31, Words: "x", Count: 3})
	in.Judged = map[string]Judgement{"3.9": {Points: Whole(99), Reason: "x"}, "2.1": {Points: Whole(99)}}
	if card := mustScore(t, SampleScheme(), in); card.Exact.String() != "86.46" {
		t.Errorf("sum %s", card.Exact)
	}
}

// Rule A-14: what cannot be recorded is refused when it is recorded.
func TestWhatTheSchemeDoesNotAskForIsNotRecorded(t *testing.T) {
	s := SampleScheme()
	for want, o := range map[string]Occurrence{
		"assess.inputs.occurrence-kind": {ID: "o", Kind: "x", On: may31, Count: 1},
		"assess.inputs.occurrence-day":  {ID: "o", Kind: SampleAward, Count: 1},
		"assess.inputs.count":           {ID: "o", Kind: SampleAward, On: may31},
	} {
		if f := s.CheckOccurrence(o); f == nil || f.Key != want {
			t.Errorf("%v, want %s", f, want)
		}
	}
	if f := s.CheckOccurrence(Occurrence{ID: "o", Kind: SampleAward, On: may31, Count: 1}); f != nil {
		t.Error(f)
	}
	for _, no := range []string{"2.1", "9"} {
		if f := s.CheckJudgement(no, Judgement{Points: Whole(1), Reason: "x"}); f == nil || f.Key != "assess.judgement.no-item" {
			t.Errorf("judgement of %s: %v", no, f)
		}
	}
}
