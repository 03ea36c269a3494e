-- The one row that every commit takes first: it gives places in the order of commits, without gaps.
CREATE TABLE head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    event_seq BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash BYTEA NOT NULL,
    posting_seq BIGINT NOT NULL,
    tombstone_seq BIGINT NOT NULL
);
INSERT INTO head VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'), 0, 0);

CREATE TABLE document (
    kind TEXT NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    schema BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    clear TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE document_key (
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    kind TEXT NOT NULL,
    sort BIGINT NOT NULL,
    id UUID NOT NULL,
    only_one BIGINT NOT NULL,
    PRIMARY KEY (name, value, kind, sort, id)
);
CREATE UNIQUE INDEX document_key_only_one ON document_key (name, value) WHERE only_one = 1;
CREATE INDEX document_key_of ON document_key (kind, id);

CREATE TABLE person_key (
    subject UUID PRIMARY KEY,
    wrapped BYTEA NOT NULL,
    master BIGINT NOT NULL
);
CREATE INDEX person_key_master ON person_key (master);

CREATE TABLE tombstone (
    seq BIGINT PRIMARY KEY,
    subject UUID NOT NULL UNIQUE,
    at BIGINT NOT NULL
);

CREATE TABLE event (
    global_seq BIGINT PRIMARY KEY,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    audience TEXT NOT NULL,
    on_board BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE UNIQUE INDEX event_subject ON event (subject, seq);

CREATE TABLE account (
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    balance BIGINT NOT NULL,
    may_be_negative BIGINT NOT NULL,
    PRIMARY KEY (name, currency),
    CONSTRAINT account_not_negative CHECK (balance >= 0 OR may_be_negative = 1)
);

CREATE TABLE posting_set (
    subject TEXT NOT NULL,
    cause TEXT NOT NULL,
    currency TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subject, cause)
);

CREATE TABLE posting (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    subject TEXT NOT NULL,
    cause TEXT NOT NULL
);
CREATE INDEX posting_account ON posting (account, seq);
CREATE INDEX posting_subject ON posting (subject, seq);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit_subject (
    subject UUID NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject, seq)
);

CREATE TABLE answer (
    scope BYTEA PRIMARY KEY,
    fingerprint BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    keep_until BIGINT NOT NULL
);
CREATE INDEX answer_keep_until ON answer (keep_until);

CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder UUID NOT NULL,
    held_until BIGINT NOT NULL,
    fence BIGINT NOT NULL
);

-- What is written here is never changed and never removed.
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER posting_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION append_only();
