package survey

import (
	_ "embed" // the standard questionnaire
	"encoding/json"
	"fmt"
)

//go:embed standard.json
var standard string

// Standard returns the standard questionnaire (标准问卷) that a survey can begin
// with. Its words are ours; what it asks is what mission row S4 names: the economy,
// the quality situation, characteristic and advantage industries. The office edits
// its copy; the keys stay, so that surveys can be compared.
func Standard() []Section {
	var out []Section
	if err := json.Unmarshal([]byte(standard), &out); err != nil {
		panic(fmt.Sprintf("survey: the standard questionnaire does not read: %v", err))
	}
	return Copy(out, false)
}
