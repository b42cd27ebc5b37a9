package org

import (
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// The endings of divisions' names, longest first, with their English words. A
// prefecture-level city, a county-level city and a province go without a word.
var placeEndings = []struct{ ending, english string }{
	{"特别行政区", ""}, {"自治州", "Prefecture"}, {"自治县", "County"}, {"自治旗", "Banner"},
	{"自治区", ""}, {"地区", "Prefecture"}, {"林区", "Forestry District"}, {"特区", "Special District"},
	{"省", ""}, {"市", ""}, {"县", "County"}, {"区", "District"}, {"盟", "League"}, {"旗", "Banner"},
}

// Peoples whose names stand in the names of autonomous divisions.
var peoples = []string{
	"哈尼族", "彝族", "藏族", "羌族", "回族", "苗族", "壮族", "侗族", "瑶族", "白族", "傣族", "黎族",
	"水族", "土族", "畲族", "满族", "佤族", "怒族", "京族", "各族", "土家族", "布依族", "拉祜族",
	"布朗族", "傈僳族", "纳西族", "景颇族", "蒙古族", "朝鲜族", "仡佬族", "毛南族", "仫佬族", "普米族",
	"独龙族", "达斡尔族", "鄂温克族", "撒拉族", "东乡族", "保安族", "裕固族", "哈萨克族", "锡伯族",
	"蒙古", "哈萨克", "柯尔克孜", "塔吉克", "锡伯", "维吾尔", "回", "达斡尔", "鄂温克", "鄂伦春",
}

// shortPlace cuts the ending and the peoples off a division's name: 泸州市 is
// 泸州, 凉山彝族自治州 is 凉山. What would leave a single character is not cut
// (泸县, 东区), nor is 市中区, whose rest is no name.
func shortPlace(name string) string {
	if name == "市中区" {
		return name
	}
	for _, e := range placeEndings {
		short, ok := strings.CutSuffix(name, e.ending)
		if !ok {
			continue
		}
		if strings.HasPrefix(e.ending, "自治") {
			short = cutPeoples(short)
		}
		if utf8.RuneCountInString(short) < 2 {
			return name
		}
		return short
	}
	return name
}

func cutPeoples(name string) string {
	for again := true; again; {
		again = false
		longest := ""
		for _, p := range peoples {
			rest, ok := strings.CutSuffix(name, p)
			if ok && utf8.RuneCountInString(rest) >= 2 && len(p) > len(longest) {
				longest = p
			}
		}
		if longest != "" {
			name, again = strings.TrimSuffix(name, longest), true
		}
	}
	return name
}

// levelWord is how a territory's own documents call it: 省, 市, 州, 县, 区.
func levelWord(name string) string {
	r, size := utf8.DecodeLastRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(r)
}

// englishWhole holds the names whose customary English is not pinyin.
var englishWhole = map[string]string{
	"陕西省": "Shaanxi", "内蒙古自治区": "Inner Mongolia", "西藏自治区": "Tibet",
	"香港特别行政区": "Hong Kong", "澳门特别行政区": "Macao", "台湾省": "Taiwan", "台湾": "Taiwan",
	"哈尔滨市": "Harbin", "齐齐哈尔市": "Qiqihar", "乌鲁木齐市": "Urumqi", "呼和浩特市": "Hohhot",
	"拉萨市": "Lhasa", "鄂尔多斯市": "Ordos", "包头市": "Baotou", "克拉玛依市": "Karamay",
}

// placeReadings holds the characters that place names read otherwise than the
// dictionary's first reading, and wordReadings the names with a reading of
// their own. Sichuan was compared by hand, of other provinces only the cities.
var (
	placeReadings = map[rune]string{'长': "chang", '都': "du", '重': "chong"}
	wordReadings  = map[string][]string{
		"什邡": {"shi", "fang"}, "犍为": {"qian", "wei"}, "筠连": {"jun", "lian"}, "荥经": {"ying", "jing"},
		"长子": {"zhang", "zi"}, "六安": {"lu", "an"}, "蚌埠": {"beng", "bu"}, "厦门": {"xia", "men"},
		"丽水": {"li", "shui"}, "番禺": {"pan", "yu"}, "乐清": {"yue", "qing"}, "乐亭": {"lao", "ting"},
		"东阿": {"dong", "e"}, "洪洞": {"hong", "tong"}, "浚县": {"xun"},
	}
)

// englishPlace spells a division's name in pinyin with its English word.
func englishPlace(name, short string, level Level) string {
	if whole, ok := englishWhole[name]; ok {
		return whole
	}
	word, stem := "", short
	for _, e := range placeEndings {
		if strings.HasSuffix(name, e.ending) {
			word = e.english
			if stem == name {
				stem = strings.TrimSuffix(name, e.ending)
			}
			break
		}
	}
	spelled := spell(stem)
	if word == "" || level == Province {
		return spelled
	}
	return spelled + " " + word
}

// spell writes Han text in pinyin as one word: 广安 is Guang'an, 吕梁 Lüliang.
func spell(han string) string {
	syllables, ok := wordReadings[han]
	if !ok {
		args := pinyin.NewArgs()
		for _, r := range han {
			syllable, ok := placeReadings[r]
			if readings := pinyin.SinglePinyin(r, args); !ok && len(readings) > 0 {
				syllable = readings[0]
			}
			if syllable == "" {
				syllable = string(r) // outside the dictionary: shown, not dropped
			}
			syllables = append(syllables, syllable)
		}
	}
	var b strings.Builder
	for i, s := range syllables {
		s = strings.ReplaceAll(s, "v", "ü")
		if i > 0 && strings.ContainsRune("aoe", rune(s[0])) {
			b.WriteByte('\'')
		}
		if i == 0 && s != "" {
			s = strings.ToUpper(s[:1]) + s[1:]
		}
		b.WriteString(s)
	}
	return b.String()
}
