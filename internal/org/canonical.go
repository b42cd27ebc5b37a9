package org

import (
	"strings"
	"unicode"
)

// canonical brings a printed name into the form that names are compared in:
// without spaces, with half-width brackets and digits, and with the customary
// abbreviations for their long forms, so that 发展和改革委员会, 发展改革委 and 发改委
// meet. It never drops a place. Two different units of one territory must not
// meet in one form; a test watches over the units of a province.
func canonical(printed string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '〔' || r == '【':
			return '('
		case r == '〕' || r == '】':
			return ')'
		}
		return r
	}, printed)
	return abbreviations.Replace(strings.Trim(s, "、,;。.:"))
}

// abbreviations are the customary ones; of two that begin alike the longer
// stands first.
var abbreviations = strings.NewReplacer(
	"人民政府", "政府",
	"质量技术监督", "质监", "技术监督局", "质监局",
	"发展和改革", "发改", "发展与改革", "发改", "发展改革", "发改",
	"经济和信息化", "经信", "经济与信息化", "经信", "经济信息化", "经信",
	"人力资源和社会保障", "人社", "人力资源社会保障", "人社", "人力资源与社会保障", "人社",
	"住房和城乡建设", "住建", "住房城乡建设", "住建", "住房与城乡建设", "住建",
	"卫生和计划生育", "卫计", "卫生计生", "卫计", "卫生与计划生育", "卫计",
	"安全生产监督管理", "安监", "安全生产监管", "安监", "安全监管", "安监",
	"食品药品监督管理", "食药监", "食品药品监管", "食药监",
	"国有资产监督管理", "国资", "国有资产管理", "国资",
	"环境保护", "环保", "国土资源", "国土", "交通运输", "交通", "科学技术", "科技",
	"广播电影电视", "广电", "广播电视", "广电", "城乡规划和建设", "城乡规划建设",
	"工商行政管理", "工商", "监督管理", "监管",
	"委员会", "委", "办公室", "办", "办公厅", "办",
)
