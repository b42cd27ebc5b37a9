package org

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
)

// The policies enforce these rules; each carries the number of its own.
//
// Rule O-03 (practice of supervision, 交办 and 核实): who sets and verifies a task sees it, from the draft on.
// Rule O-04 (least privilege, GB/T 22239-2019 §8.1.4.2): taking part shows that task and nothing more of the plan.
// Rule O-07 (memorandums of the field): a party sees the whole plan once it is issued.
// Rule O-08 (our choice): the provincial office sees the whole province.
// Rule O-09 (mistakes of neighbouring systems): the directory of units is never cut at a scope.
// Rule O-10 (质量工作考核办法, 公示): published scores are for everybody, others for office and assessed unit.
// Rule O-11 (GB/T 22239-2019 §8.1.5.2, audit administrator): the auditor sees everything and changes nothing.
// Rule O-13 (memorandums of the field): the unit that runs a plan enters, imports, issues, changes and withdraws.
// Rule O-14 (notices above task tables): a lead splits its task and answers for the parts it gave out.
// Rule O-15 (签收, 办理, 反馈): clerk and office of a unit sign and report for their own unit only.
// Rule O-16 (政府督查工作条例 art. 17, 回避): whoever reports does not verify.
// Rule O-17 (考核办法: scorer and publication): who scores does not publish and nobody scores the own unit.
// Rule O-18 (our choice): the system closes periods, computes and signs checkpoints, and reads no page.
// Rule O-22 (negotiation between offices): each party drafts, proposes and answers for itself.
// Rule O-23 (practice of signing, 授权签字): the leader signs for the party, the office records paper.
// Rule O-25 (as O-13): the office that runs a memorandum renews, ends and settles it.
// Rule O-26 (practice of 联盟): members join by their leader and see while they are in.
// Rule O-24 (会签, 法制审核): a party asks its own units; nobody else reads what they say.
// Rule O-27 (practice of surveys before signing): the office composes and finds, who was asked answers.
// Rule O-28 (mission, row S5): each office keeps its measures, everybody in the work reads them.
// Rule O-40 (ours): the other parties approve a plan, its own office does not.
// Rule O-30 (practice of 目标责任书): giver and taker sign by their leaders, in a county by its office or clerk.
//
//go:embed policy/*.cedar
var policyText embed.FS

// Policies is the set of policies that permissions are judged by, read from
// text that an auditor can read too.
type Policies struct {
	all []Policy
	of  map[Action]actionPolicies
}

type actionPolicies struct {
	policies cedar.PolicyMap
	permits  []string // ids, sorted
}

// Policy is one policy as the page of rules shows it.
type Policy struct {
	ID      string
	Rule    string // number in docs/sources/org.md
	Forbids bool
	Actions []Action // that it speaks of; all of them when it names none
	Text    string   // in Cedar, with its annotations, without the file's comments
}

// TextKey is the key of the sentence that says what a policy allows or forbids.
func TextKey(policy string) string { return "policy." + policy }

// StandardPolicies returns the policies that come with the software.
func StandardPolicies() (*Policies, error) { return LoadPolicies(policyText) }

// LoadPolicies reads every *.cedar file below fsys. A policy must carry @id and
// @rule, an id may be used once, an action must be known: a slip in a rule of
// access stops the start instead of opening or closing a door.
func LoadPolicies(fsys fs.FS) (*Policies, error) {
	p := &Policies{of: map[Action]actionPolicies{}}
	for _, a := range Actions() {
		p.of[a] = actionPolicies{policies: cedar.PolicyMap{}}
	}
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".cedar") {
			return err
		}
		text, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		list, err := cedar.NewPolicyListFromBytes(path, text)
		if err != nil {
			return err
		}
		for _, one := range list {
			if err := p.add(one); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("org: reading policies: %w", err)
	}
	if len(p.all) == 0 {
		return nil, fmt.Errorf("org: reading policies: there are none")
	}
	return p, nil
}

// All returns the policies in the order of the files.
func (p *Policies) All() []Policy { return slices.Clone(p.all) }

func (p *Policies) add(one *cedar.Policy) error {
	id := string(one.Annotations()["id"])
	rule := string(one.Annotations()["rule"])
	if id == "" || rule == "" {
		return fmt.Errorf("the policy at line %d has no @id or no @rule", one.Position().Line)
	}
	if slices.ContainsFunc(p.all, func(q Policy) bool { return q.ID == id }) {
		return fmt.Errorf("the id %q is used twice", id)
	}
	actions, err := actionsOf(one)
	if err != nil {
		return fmt.Errorf("policy %q: %w", id, err)
	}
	forbids := one.Effect() == cedar.Forbid
	p.all = append(p.all, Policy{id, rule, forbids, actions, string(one.MarshalCedar())})
	for _, a := range actions {
		of := p.of[a]
		of.policies[cedar.PolicyID(id)] = one
		if !forbids {
			of.permits = append(of.permits, id)
			slices.Sort(of.permits)
		}
		p.of[a] = of
	}
	return nil
}

// actionsOf returns the actions that a policy's scope names, or all of them.
// The library shows the scope only in its JSON form.
func actionsOf(one *cedar.Policy) ([]Action, error) {
	text, err := one.MarshalJSON()
	if err != nil {
		return nil, err
	}
	type entity struct{ Type, ID string }
	var form struct {
		Action struct {
			Op       string
			Entity   entity
			Entities []entity
		}
	}
	if err := json.Unmarshal(text, &form); err != nil {
		return nil, err
	}
	if form.Action.Op == "All" {
		return Actions(), nil
	}
	named := form.Action.Entities
	if form.Action.Entity.ID != "" {
		named = append(named, form.Action.Entity)
	}
	var out []Action
	for _, e := range named {
		a := Action(e.ID)
		if e.Type != "Action" || !a.Known() {
			return nil, fmt.Errorf("there is no action %q", e.ID)
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("it names no action")
	}
	return out, nil
}
