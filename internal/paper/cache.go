package paper

import (
	"slices"

	"gongjian/internal/office"
	"gongjian/internal/task"
)

// In a table of many thousand rows the same units, deadlines and targets come
// again and again. A reading keeps what it made of them, within bounds; every
// caller gets a copy, so that no two rows share a slice.

// maxKept bounds each of the lists; a full one is emptied.
const maxKept = 4096

// kept remembers the readings of texts.
type kept[T any] map[string]T

func (k kept[T]) get(text string, read func() T) T {
	if v, ok := k[text]; ok {
		return v
	}
	v := read()
	if len(k) >= maxKept {
		clear(k)
	}
	k[text] = v
	return v
}

// cache is what one table's reader has already read.
type cache struct {
	roles     kept[roles]
	people    kept[[]string]
	deadlines kept[readBefore[task.Deadline]]
	targets   kept[readBefore[*task.Target]]
}

type readBefore[T any] struct {
	value    T
	doubtful bool
}

func newCache() cache {
	return cache{kept[roles]{}, kept[[]string]{}, kept[readBefore[task.Deadline]]{}, kept[readBefore[*task.Target]]{}}
}

func (c cache) rolesOf(text string) roles {
	r := c.roles.get(text, func() roles { return readRoles(text) })
	r.lead, r.cooperating, r.people = slices.Clone(r.lead), slices.Clone(r.cooperating), slices.Clone(r.people)
	return r
}

func (c cache) peopleOf(text string) []string {
	return slices.Clone(c.people.get(text, func() []string { return splitPeople(text) }))
}

func (c cache) deadlineOf(cell office.Cell, year int) (task.Deadline, bool) {
	kept := c.deadlines.get(cell.Text, func() readBefore[task.Deadline] {
		d, doubtful := readDeadline(cell.Text, year)
		return readBefore[task.Deadline]{d, doubtful}
	})
	if kept.value.Relative != nil {
		relative := *kept.value.Relative
		kept.value.Relative = &relative
	}
	return kept.value, kept.doubtful
}

func (c cache) targetOf(text, unit string) (*task.Target, bool) {
	kept := c.targets.get(text+"\x00"+unit, func() readBefore[*task.Target] {
		t, doubtful := readTarget(text, unit)
		return readBefore[*task.Target]{t, doubtful}
	})
	if kept.value != nil {
		t := *kept.value
		kept.value = &t
	}
	return kept.value, kept.doubtful
}
