package act

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Signing is how a party signs.
type Signing struct {
	Method seal.Method
	Place  string
	Day    calendar.Date
	// Of a signer outside: the exact statement that was signed (StatementFor gives it
	// out), and the signature in base64.
	Statement string
	Value     string
	// Of paper: the evidence id of the scanned copy.
	Scan string
}

// signable is a record that is signed: its kind and id, what it is called, and the
// digest of its canonical bytes.
type signable struct {
	Kind, Subject, Title, Digest string
}

// statement is what the caller's unit, called name on the day, signs: by whom, what,
// when and where. nonce makes it one of a kind.
func statement(c org.Caller, name string, what signable, how Signing, key, nonce string) seal.Statement {
	return seal.Statement{
		Log: journalName, Kind: what.Kind, Subject: what.Subject, Title: what.Title, Digest: what.Digest,
		Party: string(c.Unit().ID), Name: name, Post: string(c.Post().ID), Signer: c.Post().Title + " " + c.Person().Name,
		Person: string(c.Person().ID), Method: how.Method, Key: key, Scan: how.Scan, Place: how.Place, Day: how.Day, Nonce: nonce,
	}
}

// journalName is the name that the journal's checkpoints carry.
const journalName = "gongjian"

// sign puts the caller's unit's signature under a record. That the record may be
// signed now, and by this party, the act has asked its rule before.
func (d *Desk) sign(tx *store.Tx, c org.Caller, what signable, how Signing) (store.Signature, error) {
	s := store.Signature{
		ID: tx.NewID(), Kind: what.Kind, Subject: what.Subject, Digest: what.Digest, Party: c.Unit().ID, Person: c.Person().ID, Post: c.Post().ID,
		Method: string(how.Method), Place: how.Place, On: how.Day, Scan: how.Scan,
	}
	name, err := tx.UnitName(c.Unit().ID)
	if err != nil {
		return s, err
	}
	switch how.Method {
	case seal.Ed25519, seal.SM2:
		err = d.signHere(tx, c, name, what, how, &s)
	case seal.Outside:
		err = signedOutside(c, name, what, how, &s)
	case seal.Paper:
		if how.Scan == "" {
			return s, fault.New(fault.Invalid, "sign.scan-missing").On("scan")
		}
		s.Statement = string(statement(c, name, what, how, "", s.ID).Bytes())
	default:
		return s, fault.New(fault.Invalid, "sign.method-unknown").On("method")
	}
	if err != nil {
		return s, err
	}
	return s, duplicate(tx.AddSignature(s), fault.New(fault.Conflict, "sign.replayed"))
}

// signHere signs with the key that the server keeps for the holder of the post; the
// first signature makes it.
func (d *Desk) signHere(tx *store.Tx, c org.Caller, name string, what signable, how Signing, s *store.Signature) error {
	if d.box == nil {
		return fault.New(fault.Conflict, "sign.no-keys-here").On("method")
	}
	secret, err := d.keyOf(tx, c, how.Method)
	if err != nil {
		return err
	}
	x := statement(c, name, what, how, secret.Public().String(), s.ID)
	s.Key, s.Statement = x.Key, string(x.Bytes())
	value, err := secret.Sign(x.Bytes())
	if err != nil {
		return err
	}
	s.Value = base64.StdEncoding.EncodeToString(value)
	return nil
}

// keyOf opens the key of the caller's person in the caller's post, or makes it.
func (d *Desk) keyOf(tx *store.Tx, c org.Caller, m seal.Method) (seal.Secret, error) {
	owner := string(c.Post().ID) + " " + string(c.Person().ID)
	closed, err := tx.SigningKey(string(m))
	if err != nil {
		return nil, err
	}
	if closed != "" {
		return d.box.Open(closed, owner)
	}
	secret, err := d.box.New(m)
	if err != nil {
		return nil, err
	}
	if closed, err = d.box.Close(secret, owner); err != nil {
		return nil, err
	}
	return secret, tx.AddSigningKey(string(m), secret.Public().String(), closed)
}

// signedOutside takes a signature that was made elsewhere: it must be under the
// statement that we would have written, with a key that checks.
func signedOutside(c org.Caller, name string, what signable, how Signing, s *store.Signature) error {
	value, err := base64.StdEncoding.DecodeString(how.Value)
	if err != nil {
		return fault.New(fault.Invalid, "sign.value-unreadable").On("value").Because(err)
	}
	got, err := seal.Check([]byte(how.Statement), value)
	switch {
	case errors.Is(err, seal.ErrForged):
		return fault.New(fault.Conflict, "sign.forged").On("value").Because(err)
	case err != nil:
		return fault.New(fault.Invalid, "sign.statement-unreadable").On("statement").Because(err)
	}
	if got != statement(c, name, what, how, got.Key, got.Nonce) {
		return fault.New(fault.Conflict, "sign.other-statement").On("statement")
	}
	s.Key, s.Statement, s.Value = got.Key, how.Statement, how.Value
	return nil
}

// SignVersion puts the caller's unit's signature under the agreed version. digest is
// that of the text that the signer was shown. The last signature puts it in force.
func (d *Desk) SignVersion(ctx context.Context, c org.Caller, key string, id memo.ID, version memo.VersionID, digest string, how Signing) (store.Receipt, error) {
	action := org.SignMemorandum
	if how.Method == seal.Paper {
		action = org.EnterSignature
	}
	return d.onNegotiation(ctx, c, action, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		tx.About("version", string(version))
		if n.Newest == nil || n.Newest.ID != version {
			return fault.New(fault.Conflict, "sign.outdated")
		}
		v := *n.Newest
		all, err := tx.Signatures("version", string(version))
		if err != nil {
			return err
		}
		signed := standing(all)
		if err := memo.CheckSigning(v, digest, signed, memo.Signed{Party: c.Unit().ID, On: how.Day}, tx.Today()); err != nil {
			return err
		}
		s, err := d.sign(tx, c, signable{Kind: "version", Subject: string(version), Title: v.Text.Title, Digest: v.Digest}, how)
		if err != nil {
			return err
		}
		day, complete := memo.Complete(v.Text, append(signed, memo.Signed{Party: s.Party, On: s.On}))
		if complete {
			if err := d.comeIntoForce(tx, n.Memorandum, v, day, how.Place); err != nil {
				return err
			}
		}
		return tx.Record(map[string]any{"version": v.Number, "digest": v.Digest, "statement": s.Statement, "value": s.Value, "complete": complete})
	})
}

func standing(all []store.Signature) (out []memo.Signed) {
	for _, s := range store.Standing(all) {
		out = append(out, memo.Signed{Party: s.Party, On: s.On})
	}
	return out
}

// StatementFor returns the bytes that an outside signer of the caller's unit, called
// name today, signs under a version with the key. Nothing is written.
func (d *Desk) StatementFor(c org.Caller, v memo.Version, name string, how Signing, key, nonce string) (string, error) {
	return outsideStatement(c, name, signable{"version", string(v.ID), v.Text.Title, v.Digest}, how, key, nonce)
}

// outsideStatement is what a signer with a key of its own signs outside.
func outsideStatement(c org.Caller, name string, what signable, how Signing, key, nonce string) (string, error) {
	// Most tools fill base64 up with =; ours does not.
	public, err := seal.ParsePublic(strings.TrimRight(strings.TrimSpace(key), "="))
	if err != nil {
		return "", fault.New(fault.Invalid, "sign.key-unreadable").On("key").Because(err)
	}
	how.Method = seal.Outside
	return string(statement(c, name, what, how, public.String(), nonce).Bytes()), nil
}

// OpenScan opens the scanned paper of a signature under a version, for those who see
// the memorandum. It is served as evidence is: by what its content is, in a sandbox.
func (d *Desk) OpenScan(c org.Caller, s store.Signature) (Evidence, error) {
	e, err := d.KeepAgain(c, task.EvidenceID(s.Scan), "signature")
	if err != nil {
		return Evidence{}, err
	}
	return d.handOut(e)
}
