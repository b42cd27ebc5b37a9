package main

import (
	"fmt"
	"os"

	"gongjian/internal/paper"
)

type importFile struct {
	File string `arg:"" type:"existingfile" help:"The document."`
	JSON bool   `name:"json" help:"Print what was understood as JSON (the only form so far)."`
}

// Run reads the document and prints it. Nothing is written anywhere.
func (i importFile) Run() error {
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	result, err := paper.Open(f.Name(), f, info.Size())
	if err != nil {
		return err
	}
	b, err := result.JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(b))
	return err
}
