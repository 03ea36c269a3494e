-- Exact counts of distinct persons. What stands for a person is a keyed token.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    persons BIGINT NOT NULL,
    plain BIGINT NOT NULL,
    sensitive BIGINT NOT NULL
);

CREATE TABLE tally_member (
    tally TEXT NOT NULL,
    token BYTEA NOT NULL,
    ways BIGINT NOT NULL,
    PRIMARY KEY (tally, token)
);
