package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// token makes, lists and ends the tokens that other programs act by.
type token struct {
	Create tokenCreate `cmd:"" help:"Make a token for a person in a post. Its text is printed once and kept nowhere."`
	List   tokenList   `cmd:"" help:"List all tokens, without their texts."`
	Revoke tokenRevoke `cmd:"" help:"End a token at once."`
}

type tokenCreate struct {
	database
	Login string   `arg:"" help:"Sign-in name of the person."`
	Name  string   `required:"" help:"What the token is for."`
	Post  string   `help:"Id of the post that the program acts in; needed where the person holds several."`
	Scope []string `default:"read" help:"What it may be used for: read, report, verify, write, webhook."`
	Days  int      `default:"90" help:"How many days it holds, at most 366."`
}

// Run makes the token and prints it.
func (t tokenCreate) Run(ctx context.Context) error {
	db, st, err := t.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	person, _, err := st.Credentials(ctx, t.Login)
	if err != nil {
		return fmt.Errorf("there is no %s: %w", t.Login, err)
	}
	post, err := onlyPost(ctx, st, person, org.PostID(t.Post))
	if err != nil {
		return err
	}
	made := org.Token{Name: t.Name, Person: person, Post: post, Until: st.Now().AddDate(0, 0, t.Days)}
	for _, s := range t.Scope {
		made.Scopes = append(made.Scopes, org.TokenScope(s))
	}
	secret, made, err := st.NewToken(ctx, made)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "token %s, until %s\n", made.ID, made.Until.In(calendar.China).Format(time.DateTime))
	fmt.Println(secret)
	return nil
}

// onlyPost returns the post named, or the only one that the person holds.
func onlyPost(ctx context.Context, st *store.Store, person org.PersonID, named org.PostID) (org.PostID, error) {
	if named != "" {
		return named, nil
	}
	held, err := st.PostsOf(ctx, person, st.Today())
	if err != nil {
		return "", err
	}
	switch len(held) {
	case 0:
		return "", errors.New("the person holds no post today")
	case 1:
		return held[0].Post, nil
	}
	var names []string
	for _, p := range held {
		names = append(names, fmt.Sprintf("%s (%s %s)", p.Post, p.UnitName, p.Title))
	}
	return "", fmt.Errorf("the person holds several posts; name one with --post: %s", strings.Join(names, ", "))
}

type tokenList struct{ database }

// Run prints one line for each token.
func (t tokenList) Run(ctx context.Context) error {
	db, st, err := t.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := st.Tokens(ctx)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(out, "ID\tNAME\tPOST\tSCOPES\tUNTIL\tUSED\tSTATE")
	for _, k := range all {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Post, strings.Join(scopesOf(k), ","), shown(k.Until), shown(k.Used), stateOf(k, st.Now()))
	}
	return out.Flush()
}

func scopesOf(t org.Token) (out []string) {
	for _, s := range t.Scopes {
		out = append(out, string(s))
	}
	return out
}

func shown(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(calendar.China).Format("2006-01-02 15:04")
}

func stateOf(t org.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case !t.Usable(now):
		return "over"
	}
	return "holds"
}

type tokenRevoke struct {
	database
	ID string `arg:"" help:"Id of the token, as the list shows it."`
}

// Run ends the token.
func (t tokenRevoke) Run(ctx context.Context) error {
	db, st, err := t.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	return st.RevokeToken(ctx, org.TokenID(t.ID))
}
