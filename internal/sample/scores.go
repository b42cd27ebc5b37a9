package sample

import (
	"time"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// judgedItem is the item of the sample's scheme that is scored by hand.
const judgedItem = "5.3"

// scheme is the sample scheme of package assess with one item more that a scorer judges.
func scheme() assess.Scheme {
	s := assess.SampleScheme()
	for i := range s.Items {
		if s.Items[i].No == "5" {
			s.Items[i].Children = append(s.Items[i].Children, assess.Item{
				No: judgedItem, Title: "工作创新", Words: "由考核岗评议，最高1分", Kind: assess.Bonus, Points: assess.Whole(1),
				Method: assess.Judged, Scorer: "省质监局考核岗", Source: assess.Source{Kind: assess.FromJudgement},
			})
		}
	}
	return s
}

// prepareScores notes schemes, judgements, happenings and the published runs.
func (w *world) prepareScores() {
	w.note(moment(date("2010-01-08"), 10, 0), func() error {
		c, err := w.bureau(org.Scorer)
		if err != nil {
			return err
		}
		for _, s := range []assess.Scheme{scheme(), assess.SampleCountyScheme()} {
			if _, err := w.desk.EnterScheme(w.ctx, c, "", s); err != nil {
				return w.failed(err, s.Name)
			}
			w.clock.tick()
		}
		return nil
	})
	for i, c := range cities() {
		w.note(moment(date("2010-01-27"), 14, 3*i), func() error { return w.judge(c.region) })
	}
	for _, h := range happenings() {
		w.note(someTime(h.on, h.words), func() error {
			c, err := w.bureau(org.Scorer)
			if err != nil {
				return err
			}
			_, err = w.desk.EnterOccurrence(w.ctx, c, "", h.region, assess.Occurrence{Kind: h.kind, On: h.on, Words: h.words, Count: 1})
			return w.failed(err, h.words)
		})
	}
	for m := 1; m <= 5; m++ {
		p := calendar.Period{Kind: calendar.Month, Year: 2010, Index: m}
		computed, published := workday(p.Last().AddDays(1), 0), p.Last().AddDays(5)
		for !workdays().IsWorkday(published) {
			published = published.AddDays(-1)
		}
		for i, x := range []struct {
			scheme assess.SchemeID
			group  string
		}{{"memorandum", "cities"}, {"memorandum-county", "counties"}} {
			w.note(moment(computed, 15, 10*i), func() error {
				return w.assess(x.scheme, x.group, p.Last(), moment(published, 16, 10*i))
			})
		}
	}
}

// judge gives a city the points of the item that is scored by hand.
func (w *world) judge(region org.RegionCode) error {
	c, err := w.bureau(org.Scorer)
	if err != nil {
		return err
	}
	points, reason := assess.Whole(0), "尚无新的做法"
	switch region {
	case liangshan, "511600", "510300":
		points, reason = assess.Whole(1), "将合作备忘录落实情况纳入目标管理，统一考核评比"
	case "512000":
		points, reason = assess.Whole(1), "由政府召集、质监牵头的质量例会制度已经建立"
	}
	_, err = w.desk.Judge(w.ctx, c, "", "memorandum", judgedItem, region, 0, points, reason)
	return w.failed(err, "judging")
}

type happening struct {
	region org.RegionCode
	on     calendar.Date
	kind   string
	words  string
}

func happenings() []happening {
	return []happening{
		{"510100", date("2010-03-18"), assess.SampleAward, "国家级农业标准化示范区1个通过验收"},
		{"510600", date("2010-04-14"), assess.SampleAward, "国家级农业标准化示范区1个通过验收"},
		{"512000", date("2010-05-19"), assess.SampleAward, "国家级农业标准化示范区1个通过验收"},
		{"510800", date("2010-04-26"), assess.SampleLateSlip, "督办单〔2010〕11号，迟答2个工作日"},
		{"510800", date("2010-05-25"), assess.SampleLateSlip, "督办单〔2010〕14号，迟答3个工作日"},
		{"510900", date("2010-05-12"), assess.SampleLateSlip, "督办单〔2010〕13号，迟答1个工作日"},
	}
}

// assess computes one group's scores as of a day; they are published some days later.
func (w *world) assess(id assess.SchemeID, group string, asOf calendar.Date, published time.Time) error {
	c, err := w.bureau(org.Scorer)
	if err != nil {
		return err
	}
	_, run, err := w.desk.Compute(w.ctx, c, "", id, group, 0, asOf)
	if err != nil {
		return w.failed(err, "scoring "+group)
	}
	w.note(published, func() error {
		c, err := w.bureau(org.Office)
		if err != nil {
			return err
		}
		_, err = w.desk.Publish(w.ctx, c, "", run)
		return w.failed(err, "publishing "+group)
	})
	return nil
}
