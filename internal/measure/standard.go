package measure

import (
	_ "embed" // the standard measures
	"encoding/json"
	"fmt"

	"gongjian/internal/survey"
)

//go:embed standard.json
var standard string

// Standard is a measure that comes with the program, with the key by which it is
// known again when the list is taken over a second time.
type Standard struct {
	Key string `json:"key"`
	Measure
}

type standardFile struct {
	Titles   map[survey.Field]string `json:"titles"`
	Measures []Standard              `json:"measures"`
}

func readStandard() standardFile {
	var f standardFile
	if err := json.Unmarshal([]byte(standard), &f); err != nil {
		panic(fmt.Sprintf("measure: the standard measures do not read: %v", err))
	}
	return f
}

// Standards returns the measures that come with the program. Their words are ours,
// for the fields that the memorandums of mission row S5 name.
func Standards() []Standard { return readStandard().Measures }

// ClauseTitles returns the words of the clause under which the measures of a field
// stand in a text.
func ClauseTitles() map[survey.Field]string { return readStandard().Titles }
