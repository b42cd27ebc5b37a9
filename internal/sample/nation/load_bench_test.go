package nation_test

import (
	"testing"

	"gongjian/internal/sample/nation"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// BenchmarkLoad loads 10,000 tasks on SQLite; its profile says where the time goes.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b, testkit.Open(b, "sqlite:"+b.TempDir()+"/a.db", sqldb.Options{}), nation.Plan{Tasks: 10_000, Seed: 1})
	}
}
