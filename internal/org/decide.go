package org

import (
	"slices"

	"github.com/cedar-policy/cedar-go"

	"gongjian/internal/fault"
)

// Decision is the answer to "may this caller do this with that", and why.
type Decision struct {
	Allowed bool
	// Policy is the id of the policy that decided: the first by id that permits,
	// or the first that forbids. "" when nothing permitted.
	Policy string
	// Missing holds, for a refusal, the ids of the policies that could permit the
	// action to somebody else. Their sentences (text key "policy.<id>") say what
	// the caller lacks.
	Missing []string
}

// Err returns nil for a permission and a Denied fault for a refusal, with the
// policy that forbids, or the first one that would have been needed.
func (d Decision) Err() error {
	switch {
	case d.Allowed:
		return nil
	case d.Policy != "":
		return fault.New(fault.Denied, "org.forbidden", "Policy", d.Policy)
	case len(d.Missing) > 0:
		return fault.New(fault.Denied, "org.not-permitted", "Policy", d.Missing[0])
	}
	return fault.New(fault.Denied, "org.denied")
}

// Decide judges one action on one resource. What no policy permits is refused;
// a policy that forbids wins over every permission. The zero Caller, an unknown
// action, a nil resource and an action that is not done to that kind of
// resource are refused without asking the policies.
func (p *Policies) Decide(c Caller, a Action, r Resource) Decision {
	if p == nil || c.IsZero() || !slices.Contains(ActionsOn(r), a) {
		return Decision{}
	}
	principal, resource := principalOf(c), resourceOf(r)
	decision, diagnostic := cedar.Authorize(p.of[a].policies, cedar.EntityMap{
		principal.UID: principal, resource.UID: resource,
	}, cedar.Request{
		Principal: principal.UID,
		Action:    cedar.NewEntityUID("Action", cedar.String(a)),
		Resource:  resource.UID,
	})
	d := Decision{Allowed: decision == cedar.Allow, Policy: firstID(diagnostic)}
	// A policy that could not be evaluated might have been one that forbids.
	if len(diagnostic.Errors) > 0 {
		d = Decision{}
	}
	if !d.Allowed {
		d.Missing = slices.Clone(p.of[a].permits)
	}
	return d
}

func firstID(d cedar.Diagnostic) string {
	first := ""
	for _, r := range d.Reasons {
		if id := string(r.PolicyID); first == "" || id < first {
			first = id
		}
	}
	return first
}

// Right is one line of the page "who can see and do what here".
type Right struct {
	Action Action
	Decision
}

// Explain answers, for every action that can be done to the resource, whether
// the caller may do it and which policy says so.
func (p *Policies) Explain(c Caller, r Resource) []Right {
	actions := ActionsOn(r)
	out := make([]Right, 0, len(actions))
	for _, a := range actions {
		out = append(out, Right{a, p.Decide(c, a, r)})
	}
	return out
}

// Entitled is a caller that may do something, and the policy that says so.
type Entitled struct {
	Caller Caller
	Policy string
}

// Who returns those of the callers that may do the action, in their order.
func (p *Policies) Who(a Action, r Resource, callers ...Caller) (out []Entitled) {
	for _, c := range callers {
		if d := p.Decide(c, a, r); d.Allowed {
			out = append(out, Entitled{c, d.Policy})
		}
	}
	return out
}
