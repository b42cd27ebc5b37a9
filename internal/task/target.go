package task

// Op is the comparator of a target.
type Op string

// The comparators of a target (目标值).
const (
	OpNone    Op = ""      // no number: the words are the target
	OpAtLeast Op = ">="    // 不少于, 以上, 突破
	OpAtMost  Op = "<="    // 不超过, 以内
	OpAbout   Op = "~"     // 左右, 约
	OpRange   Op = "range" // 1-3个: Value to High
	OpFirst   Op = "first" // 零的突破: one is enough
	OpEqual   Op = "="     // a bare number, 全覆盖 (100 %), 零发生 (0)
)

// Quantity is a number of ten-thousandths. Targets, reports and sums are
// quantities: exact, of one size in both engines, never floats.
type Quantity int64

// One is the quantity 1.
const One Quantity = 10_000

// Target is a 目标值: comparator, number, measure word, and whether it is
// binding (约束性) or hoped for (力争, Soft).
type Target struct {
	Text  string   `json:"text"`
	Op    Op       `json:"op"`
	Value Quantity `json:"value"`
	High  Quantity `json:"high"`
	Unit  string   `json:"unit"`
	Soft  bool     `json:"soft"`
}
