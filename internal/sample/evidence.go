package sample

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"

	"gongjian/internal/task"
)

// evidence makes and keeps the files of a report: what they are is small and says
// that it is sample data.
func (w *world) evidence(s script, e entry) (out []task.Evidence, err error) {
	w.files++
	about := fmt.Sprintf("示例数据\n%s\n%s\n累计%s%s\n第%d份\n", s.task.Title, e.period, e.value, measureWord(s.task), w.files)
	name := map[bool]string{true: "推荐名单", false: "证明材料"}[s.task.Title == "新增四川名牌产品"]
	if e.reason == returnedBrand {
		for page := 1; page <= 2; page++ {
			f, err := w.keep(fmt.Sprintf("%s 第%d页.png", name, page), picture(w.files*2+page, page == 2))
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		return out, nil
	}
	var f task.Evidence
	switch w.files % 3 {
	case 0:
		f, err = w.keep(name+".png", picture(w.files*2, false))
	case 1:
		f, err = w.keep(name+".pdf", onePage(w.files))
	default:
		f, err = w.keep(name+".txt", strings.NewReader(about))
	}
	return []task.Evidence{f}, err
}

func measureWord(k task.Task) string {
	if k.Target == nil {
		return ""
	}
	return k.Target.Unit
}

func (w *world) keep(name string, r io.Reader) (task.Evidence, error) {
	k, err := w.desk.Files().Keep(r, name)
	return task.Evidence{ID: task.EvidenceID(k.ID), Name: name, Type: k.Type, Size: k.Size}, w.failed(err, "keeping "+name)
}

// picture draws a sheet with lines of writing and a round seal, which is faint
// where it is to be hard to read. n makes each one different.
func picture(n int, faint bool) io.Reader {
	const width, height = 210, 297
	palette := color.Palette{color.White, color.Gray{0x55}, color.RGBA{0xc0, 0x20, 0x20, 0xff}, color.RGBA{0xf3, 0xe4, 0xe4, 0xff}}
	m := image.NewPaletted(image.Rect(0, 0, width, height), palette)
	for line := range 14 {
		for x := 30; x < 150+(n*7+line*13)%40; x++ {
			if (x/4+n>>uint(line%8))%5 > 0 {
				m.SetColorIndex(x, 40+line*12, 1)
				m.SetColorIndex(x, 41+line*12, 1)
			}
		}
	}
	seal := uint8(2)
	if faint {
		seal = 3
	}
	for y := -24; y <= 24; y++ {
		for x := -24; x <= 24; x++ {
			if d := x*x + y*y; d < 24*24 && d > 21*21 {
				m.SetColorIndex(150+x, 240+y, seal)
			}
		}
	}
	for bit := range 24 { // a number in dots at the foot
		if n>>uint(bit)&1 > 0 {
			m.SetColorIndex(30+bit*2, 285, 1)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic("sample: drawing: " + err.Error()) // into memory
	}
	return &b
}

// onePage is a PDF with one empty sheet and a number in its title.
func onePage(n int) io.Reader {
	return strings.NewReader(fmt.Sprintf("%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"+
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n4 0 obj<</Title(sample data %d)>>endobj\ntrailer<</Root 1 0 R/Info 4 0 R>>\n%%%%EOF\n", n))
}
