package web

import (
	"strings"
	"testing"

	"gongjian/internal/task"
)

func TestAProvinceMayNotChooseColoursThatCannotBeRead(t *testing.T) {
	for name, look := range map[string]Look{
		"pale ink":       {Colours: map[task.Colour]Tint{task.Green: {Ink: "#7bd88f", Ground: "#e5f2ea"}}},
		"no colour":      {Colours: map[task.Colour]Tint{task.Green: {Ink: "green", Ground: "#e5f2ea"}}},
		"no such light":  {Colours: map[task.Colour]Tint{"purple": {Ink: "#000000", Ground: "#ffffff"}}},
		"no word":        {Words: map[string]map[task.Colour]string{"en": {task.Red: " "}}},
		"other language": {Words: map[string]map[task.Colour]string{"de": {task.Red: "rot"}}},
	} {
		if err := look.Check(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAProvinceCallsAndColoursItsLights(t *testing.T) {
	look := Look{
		Words:   map[string]map[task.Colour]string{"zh-CN": {task.Red: "红灯"}},
		Colours: map[task.Colour]Tint{task.Red: {Ink: "#8a0f0a", Ground: "#ffe9e6"}},
	}
	if err := look.Check(); err != nil {
		t.Fatal(err)
	}
	if got := look.words("zh-CN")["light.red"]; got != "红灯" {
		t.Errorf("the word is %q", got)
	}
	if !strings.Contains(look.style(), "--red:#8a0f0a") {
		t.Errorf("the style is %q", look.style())
	}
}

func TestContrastIsThatOfTheStandard(t *testing.T) {
	if k := contrast("#000000", "#ffffff"); k < 20.9 || k > 21.1 {
		t.Errorf("black on white is %.2f, want 21", k)
	}
}
