// Package folio is an official document (公文) as a value, and writes it as docx
// and as pdf by GB/T 9704-2012 (党政机关公文格式). It knows how a document looks
// and nothing of what it says; package paper/official fills it.
//
// Words. A Document has a red head (发文机关标志), an issue number (发文字号), a
// title, an addressee (主送机关), a body of blocks, annexes (附件), a signature
// (署名) with the date of making (成文日期), and an imprint (版记) at the foot of
// its last page: copies to (抄送), printed by and on (印发机关, 印发日期). A Layout
// holds every figure of the standard; some provinces use others. The text area
// (版心) is the page less its margins, a grid of 22 lines by 28 characters.
//
// Laws.
//   - Equal input gives equal bytes: times inside a file come from Document.Date.
//   - What goes in can be read in what comes out: no row of a table is lost, a
//     row taller than a page breaks, a character that no font has is printed as
//     its code point, 〔U+2B8FF〕. Only control characters, which neither format
//     can hold, are left out.
//   - Both formats print the same words: the numbers of levels and annexes are
//     text, made in one place, so that a document reads back as it was written.
//
// # The markup
//
// Templates produce a small line-oriented markup, which Parse reads. A line that
// begins with one of these words sets a part of the document; the last one wins,
// except that sign: may stand several times, once for each signing office.
//
//	head: 四川省质量技术监督局文件      the red head
//	number: 川质监函〔2010〕12号
//	signer: 张X                       签发人
//	title: 关于…的通知
//	to: 各市、州人民政府
//	sign: 四川省质量技术监督局
//	date: 2010-06-30                  成文日期
//	copy: 省政府办公厅                 抄送
//	printer: 办公室                   印发机关
//	printed: 2010-07-01               印发日期
//	code: 7K3M-Q9TX-2F6D              verification code
//	check: https://…                  where the QR leads
//	draft:                            marks every page as a draft
//
// Everything else is the body. Paragraphs are parted by blank lines; lines of one
// paragraph are joined. "# " to "#### " begin a heading of level 1 to 4, one line
// each, and get their numbers 一、（一）1.（1） here; a higher level starts its
// lower ones again. "text: " begins a paragraph whatever stands behind it.
// "break:" begins a new page.
//
// "annex: 任务分解表" begins an annex, and "annex: 任务分解表 [landscape]" one on
// pages laid across; what follows is its body, up to the next annex.
//
//	table: 任务分解表                  the caption, or nothing
//	col: 序号 | 1 | center            head, share of the width, left, center or right
//	col: 任务 | 6
//	chapter: 一、质量强省              one cell across
//	1 | 建成检测中心                   a row: cells parted by | or by tabs
//	bold: 合计 | 2                     a row in bold
//
// A table ends with a blank line. A row may be shorter than the head, not longer.
//
// Text of users goes through Escape, always and everywhere: a backslash takes the
// meaning from the character behind it, \n is a line break, \t a tab, \s a space,
// \e nothing at all (so that an empty cell alone in its row is no blank line).
package folio
