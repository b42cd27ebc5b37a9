-- The journal (存证日志). docs/sources/journal.md explains it; package journal is
-- the only code that reads or writes these tables.

-- +goose Up
-- One act or refused attempt. "bytes" is the truth; the other columns repeat it
-- for questions and the verifier compares them.
CREATE TABLE journal_entry (
    id       TEXT   NOT NULL PRIMARY KEY, -- UUIDv7
    at       BIGINT NOT NULL,             -- microseconds since 1970 in UTC
    unit     TEXT   NOT NULL,
    post     TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    outcome  TEXT   NOT NULL,
    receipt  TEXT   NOT NULL,
    sequence BIGINT UNIQUE,               -- its place in the tree; NULL until folded
    bytes    BYTEA  NOT NULL
);
CREATE INDEX journal_entry_waiting ON journal_entry (at, id) WHERE sequence IS NULL;
CREATE INDEX journal_entry_receipt ON journal_entry (receipt);
CREATE INDEX journal_entry_unit    ON journal_entry (unit, sequence);
CREATE INDEX journal_entry_post    ON journal_entry (post, sequence);
CREATE INDEX journal_entry_action  ON journal_entry (action, sequence);
CREATE INDEX journal_entry_outcome ON journal_entry (outcome, sequence);

-- What an entry is about, for a record's history.
CREATE TABLE journal_subject (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    entry   TEXT NOT NULL REFERENCES journal_entry (id),
    PRIMARY KEY (kind, subject, entry)
);
CREATE INDEX journal_subject_entry ON journal_subject (entry);

-- The hashes of the tree by the numbering of golang.org/x/mod/sumdb/tlog.
CREATE TABLE journal_hash (
    position BIGINT NOT NULL PRIMARY KEY,
    hash     BYTEA  NOT NULL
);

-- The head of the tree, one row: whoever folds writes it first and so holds it.
CREATE TABLE journal_head (
    one   BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    size  BIGINT NOT NULL,
    root  TEXT   NOT NULL, -- base64
    folds BIGINT NOT NULL
);
-- The root of a tree of nothing is the SHA-256 of nothing.
INSERT INTO journal_head (one, size, root, folds)
VALUES (1, 0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 0);

-- Signed heads, all that ever were.
CREATE TABLE journal_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL, -- microseconds since 1970 in UTC
    root TEXT   NOT NULL, -- base64
    note TEXT   NOT NULL  -- the signed text
);
