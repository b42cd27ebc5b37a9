package org

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongjian/internal/calendar"
)

// ProvinceUnits builds the units of a province as they stood before the reform
// of 2018: in the line (条) the bureaus of quality supervision of province,
// cities and counties; in the block (块) their governments with departments.
// It is where an installation and the sample start from; real offices correct
// it. The names of departments are the usual ones of their kind: that every
// city has each of them is an assumption.
//
// The result is in order of region code, is the same for the same arguments,
// and so are the ids, which hang on region and function and not on names. since
// is the day the units are recorded from; zero means always.
func ProvinceUnits(regions *Regions, province RegionCode, since calendar.Date) []Unit {
	functions, err := readFunctions()
	top, ok := regions.By(province)
	if err != nil || !ok {
		return nil // the table is part of the program and read by a test
	}
	b := unitBuilder{regions: regions, functions: functions, since: since}
	b.territory(top, Unit{}, Unit{})
	return b.units
}

type unitBuilder struct {
	regions   *Regions
	functions []function
	since     calendar.Date
	units     []Unit
}

// territory adds the units of one territory and of those in it.
func (b *unitBuilder) territory(r Region, governmentAbove, bureauAbove Unit) {
	government := b.add(r, Unit{
		ID: unitID(r.Code, "人民政府"), Kind: Government, Block: governmentAbove.ID,
	}, []string{"{}人民政府", "{}政府"})
	bureau := b.add(r, Unit{
		ID: unitID(r.Code, FunctionQuality), Kind: Agency, Function: FunctionQuality,
		Line: bureauAbove.ID, Block: government.ID,
	}, bureauNames(r.Level))
	if r.Level == Province {
		b.bureauOffices(r, bureau)
	}
	for _, f := range b.functions {
		if f.name != FunctionQuality && len(f.names[r.Level]) > 0 && f.in(r.Code) {
			u := Unit{ID: unitID(r.Code, f.name), Kind: f.kind, Function: f.name}
			if f.block {
				u.Block = government.ID
			}
			b.add(r, u, f.names[r.Level])
		}
	}
	for _, below := range b.regions.Children(r.Code) {
		b.territory(below, government, bureau)
	}
}

func (f function) in(code RegionCode) bool {
	return len(f.only) == 0 || slices.Contains(f.only, code)
}

func bureauNames(level Level) []string {
	names := []string{"{}质量技术监督局", "{}质监局"}
	if level == Province {
		names = append(names, "省局")
	}
	return names
}

// bureauOffices adds the offices and institutes of the provincial bureau that
// task tables name.
func (b *unitBuilder) bureauOffices(r Region, bureau Unit) {
	for _, name := range []string{"办公室", "质量处", "标准化处", "计量处", "监督处", "特种设备处", "科技处", "法规处"} {
		b.add(r, Unit{
			ID: unitID(r.Code, FunctionQuality+"/"+name), Kind: Agency, Function: FunctionQuality + "/" + name,
			Line: bureau.ID, Block: bureau.Block,
		}, []string{"{}质量技术监督局" + name, "{}质监局" + name, "省局" + name})
	}
	b.add(r, Unit{
		ID: unitID(r.Code, "合作办"), Kind: Committee, Function: "合作办", Line: bureau.ID, Block: bureau.Block,
	}, []string{"{}质量技术监督局合作备忘录领导小组办公室", "{}质监局合作办", "合作备忘录领导小组办公室", "省局合作办", "{}合作办"})
	for _, one := range [][]string{
		{"质检院", "{}产品质量监督检验检测院", "{}质检院"}, {"计量院", "{}计量科学研究院", "{}计量院"},
		{"标准化院", "{}标准化研究院", "{}标准化院"}, {"特检院", "{}特种设备检验研究院", "{}特检院"},
		{"纤检局", "{}纤维检验局", "{}纤检局"},
	} {
		b.add(r, Unit{
			ID: unitID(r.Code, one[0]), Kind: Institution, Function: one[0], Line: bureau.ID, Block: bureau.Block,
		}, one[1:])
	}
	b.add(r, Unit{
		ID: unitID(r.Code, "药检院"), Kind: Institution, Function: "药检院", Line: unitID(r.Code, "食品药品"),
	}, []string{"{}食品药品检验检测院", "{}药检院", "{}食品药品检验所"})
}

// add completes a unit of a territory with its names and keeps it.
func (b *unitBuilder) add(r Region, u Unit, names []string) Unit {
	full := r.Name
	if city, ok := b.regions.By(r.Parent); ok && r.Level == County && strings.HasSuffix(r.Name, "区") {
		full = city.Name + r.Name // a district's documents put its city in front
	}
	u.Name = fill(names[0], full, r.Short)
	short := names[0]
	if len(names) > 1 {
		short = names[1]
	}
	u.Short = fill(short, levelWord(r.Name), r.Short)
	for _, n := range names {
		alias := fill(n, r.Name, r.Short)
		if alias != u.Name && !slices.Contains(u.Aliases, alias) {
			u.Aliases = append(u.Aliases, alias)
		}
	}
	u.Level, u.Region, u.From = r.Level, r.Code, b.since
	u.Position = len(b.units) + 1
	b.units = append(b.units, u)
	return u
}

func fill(name, place, short string) string {
	return strings.NewReplacer("{}", place, "{s}", short).Replace(name)
}

// unitID derives an id from region and function: a name-based UUID, version 5
// of RFC 9562, in a namespace of this software's own.
func unitID(region RegionCode, function string) UnitID {
	namespace := uuid.NewSHA1(uuid.NameSpaceURL, []byte("tag:gongjian,2026:unit"))
	return UnitID(uuid.NewSHA1(namespace, []byte(string(region)+"/"+function)).String())
}
