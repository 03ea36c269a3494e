-- Exact counts of distinct persons. What stands for a person is a keyed token.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    persons INTEGER NOT NULL,
    plain INTEGER NOT NULL,
    sensitive INTEGER NOT NULL
) STRICT;

CREATE TABLE tally_member (
    tally TEXT NOT NULL,
    token BLOB NOT NULL,
    ways INTEGER NOT NULL,
    PRIMARY KEY (tally, token)
) STRICT, WITHOUT ROWID;
