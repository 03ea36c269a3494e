-- The one row that every commit takes first: it gives places in the order of commits, without gaps.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    event_seq INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    audit_hash BLOB NOT NULL,
    posting_seq INTEGER NOT NULL,
    tombstone_seq INTEGER NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, 0, zeroblob(32), 0, 0);

CREATE TABLE document (
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    clear TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE document_key (
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    kind TEXT NOT NULL,
    sort INTEGER NOT NULL,
    id BLOB NOT NULL,
    only_one INTEGER NOT NULL,
    PRIMARY KEY (name, value, kind, sort, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_key_only_one ON document_key (name, value) WHERE only_one = 1;
CREATE INDEX document_key_of ON document_key (kind, id);

CREATE TABLE person_key (
    subject BLOB PRIMARY KEY,
    wrapped BLOB NOT NULL,
    master INTEGER NOT NULL
) STRICT;
CREATE INDEX person_key_master ON person_key (master);

CREATE TABLE tombstone (
    seq INTEGER PRIMARY KEY,
    subject BLOB NOT NULL UNIQUE,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
    global_seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    audience TEXT NOT NULL,
    on_board INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_subject ON event (subject, seq);

CREATE TABLE account (
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    balance INTEGER NOT NULL,
    may_be_negative INTEGER NOT NULL,
    PRIMARY KEY (name, currency),
    CONSTRAINT account_not_negative CHECK (balance >= 0 OR may_be_negative = 1)
) STRICT;

CREATE TABLE posting_set (
    subject TEXT NOT NULL,
    cause TEXT NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (subject, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE posting (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    subject TEXT NOT NULL,
    cause TEXT NOT NULL
) STRICT;
CREATE INDEX posting_account ON posting (account, seq);
CREATE INDEX posting_subject ON posting (subject, seq);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE audit_subject (
    subject BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    scope BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    outcome TEXT NOT NULL,
    keep_until INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_keep_until ON answer (keep_until);

CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder BLOB NOT NULL,
    held_until INTEGER NOT NULL,
    fence INTEGER NOT NULL
) STRICT;

-- What is written here is never changed and never removed.
CREATE TRIGGER audit_stays_1 BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_stays_2 BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER posting_stays_1 BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER posting_stays_2 BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'append only'); END;
