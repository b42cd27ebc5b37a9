package survey

// Field is a field of the work (领域): findings and measures belong to one.
type Field string

// The fields, as the memorandums of the article and of the field name them.
const (
	Traditional   Field = "traditional"   // 传统产业提升
	Enterprises   Field = "enterprises"   // 重点企业服务
	QualityCity   Field = "quality"       // 质量兴市
	Brands        Field = "brands"        // 名牌战略
	Standards     Field = "standards"     // 标准化
	Fighting      Field = "fighting"      // 打假扶优
	Testing       Field = "testing"       // 检验检测
	Metrology     Field = "metrology"     // 计量
	Equipment     Field = "equipment"     // 特种设备安全
	Food          Field = "food"          // 食品安全
	Geographic    Field = "geographic"    // 地理标志
	Certification Field = "certification" // 认证认可
	People        Field = "people"        // 机构和人才
)

// Fields returns the fields in the order of pages and of a memorandum's text.
func Fields() []Field {
	return []Field{Traditional, Enterprises, QualityCity, Brands, Standards, Fighting, Testing, Metrology, Equipment, Food, Geographic, Certification, People}
}
