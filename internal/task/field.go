package task

import "strings"

// The fields of work (领域). Schemes select tasks by field; readers see the
// words of the text key "assess.field." + code.
const (
	FieldOrganisation  Field = "organisation"  // 组织领导: leading group, office, division of work
	FieldMeeting       Field = "meeting"       // 质量例会, 联席会议
	FieldLetter        Field = "letter"        // 目标责任书
	FieldMechanism     Field = "mechanism"     // 质量兴市, 工作机制
	FieldBrand         Field = "brand"         // 名牌
	FieldDemonstration Field = "demonstration" // 标准化示范区
	FieldStandard      Field = "standard"      // 标准制定
	FieldGeographic    Field = "geographic"    // 地理标志产品保护
	FieldFood          Field = "food"          // 食品安全投入, 抽查经费
	FieldLaboratory    Field = "laboratory"    // 检验检测能力, 技术机构
	FieldMetrology     Field = "metrology"     // 计量
	FieldEquipment     Field = "equipment"     // 特种设备
	FieldEnforcement   Field = "enforcement"   // 打假扶优
	FieldTraining      Field = "training"      // 服务企业与人才
	FieldOther         Field = "other"         // 其他
)

// Fields returns all fields in the order in which they are offered.
func Fields() []Field {
	return []Field{
		FieldOrganisation, FieldMeeting, FieldLetter, FieldMechanism, FieldBrand, FieldDemonstration,
		FieldStandard, FieldGeographic, FieldFood, FieldLaboratory, FieldMetrology, FieldEquipment,
		FieldEnforcement, FieldTraining, FieldOther,
	}
}

// TextKey is the key of the field's words.
func (f Field) TextKey() string { return "assess.field." + string(f) }

// Known reports whether f is one of Fields.
func (f Field) Known() bool {
	for _, known := range Fields() {
		if f == known {
			return true
		}
	}
	return false
}

// fieldWords are looked for in this order: the narrow before the wide, as
// 农业标准化示范区 is a demonstration and not a standard.
var fieldWords = []struct {
	field Field
	words []string
}{
	{FieldLetter, []string{"责任书"}},
	{FieldMeeting, []string{"例会", "联席会议"}},
	{FieldGeographic, []string{"地理标志", "原产地"}},
	{FieldDemonstration, []string{"示范区", "示范县", "示范园", "标准化试点", "标准化示范"}},
	{FieldEquipment, []string{"特种设备", "锅炉", "电梯", "压力容器", "压力管道", "起重机"}},
	{FieldBrand, []string{"名牌", "品牌", "质量奖", "知名产品"}},
	{FieldMetrology, []string{"计量", "强检", "检定", "能效标识"}},
	{FieldLaboratory, []string{"检验检测", "检测中心", "检验中心", "质检中心", "实验室", "质检所", "技术机构", "检测能力", "检验能力"}},
	{FieldEnforcement, []string{"打假", "扶优", "假冒", "执法", "专项整治", "违法"}},
	{FieldFood, []string{"食品", "抽查经费", "监督抽查", "抽检"}},
	{FieldStandard, []string{"标准"}},
	{FieldTraining, []string{"培训", "人才", "服务企业", "首席质量官", "帮扶", "技术服务"}},
	{FieldOrganisation, []string{"领导小组", "组织领导", "组织机构", "工作机构", "组织保障"}},
	{FieldMechanism, []string{"质量兴市", "质量兴县", "质量兴", "质量强", "机制", "规划", "考核", "通报"}},
}

// FieldOf proposes the field of a task from its words: the title first, then the
// headings from the innermost out. It is a proposal for the office to look over;
// words that say nothing give FieldOther.
func FieldOf(chapter []string, title string) Field {
	if f, ok := fieldIn(title); ok {
		return f
	}
	for i := len(chapter) - 1; i >= 0; i-- {
		if f, ok := fieldIn(chapter[i]); ok {
			return f
		}
	}
	return FieldOther
}

func fieldIn(s string) (Field, bool) {
	for _, row := range fieldWords {
		for _, word := range row.words {
			if strings.Contains(s, word) {
				return row.field, true
			}
		}
	}
	return "", false
}
