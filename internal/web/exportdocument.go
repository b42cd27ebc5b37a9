package web

import (
	"gongjian/internal/org"
	"gongjian/internal/store"
)

func documentExports() []exportable {
	return []exportable{{key: "documents", page: "/documents", address: "/documents", wide: true, table: documentList, columns: []exportColumn{
		words("number", 24), words("title", 44), words("document-kind", 16), words("unit", 30), day("issued-on"), day("withdrawn"), words("reason", 24), words("code", 16),
	}}}
}

// documentList is the register of issued documents (发文登记簿) as far as the reader
// sees it.
func documentList(q *request) (exportTable, error) {
	f := store.DocumentFilter{Kind: q.FormValue("kind"), Unit: org.UnitID(q.FormValue("unit"))}
	rows := paged(func(after store.DocumentKey, limit int) ([]store.DocumentEntry, error) {
		return q.view.Documents(q.Context(), f, after, limit)
	}, func(e store.DocumentEntry) store.DocumentKey { return store.DocumentKey{At: e.At, ID: e.ID} }, rowsOf(func(e store.DocumentEntry) exportRow {
		return exportRow{"number": said(e.Number), "title": said(e.Title), "document-kind": said(q.kindOfDocument(e.Kind)), "unit": said(e.UnitName), "issued-on": onDate(e.Issued),
			"withdrawn": onDate(e.Withdrawn), "reason": said(e.Reason), "code": said(e.Code)}
	}))
	return exportTable{title: q.p.T("document.list-title"), rows: rows}, nil
}
