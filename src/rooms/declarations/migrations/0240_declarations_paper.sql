-- Scans of paper forms given by staff. The file lies sealed in DIR/uploads until it has been read; `rejected` says of which pages nothing came, as JSON.
-- distribute: scan_id
CREATE TABLE declarations_scan (
  scan_id       TEXT     NOT NULL PRIMARY KEY,
  actor         TEXT     NOT NULL,
  area          TEXT     NOT NULL,
  given_at      BIGINT   NOT NULL,
  claimed_until BIGINT   NOT NULL,
  ended_at      BIGINT,
  pages         INTEGER  NOT NULL,
  pages_read    INTEGER  NOT NULL,
  recognised    INTEGER  NOT NULL,
  failure       TEXT     NOT NULL,
  rejected      TEXT     NOT NULL
);
CREATE INDEX declarations_scan_age ON declarations_scan (given_at);

-- Forms read from scans, one row a paper. state: 0 waits for somebody to confirm, 1 confirmed, 2 rejected. What was read is sealed, and gone once it was decided.
-- distribute: paper_id
CREATE TABLE declarations_paper (
  paper_id     TEXT     NOT NULL PRIMARY KEY,
  scan_id      TEXT     NOT NULL,
  area         TEXT     NOT NULL,
  position     INTEGER  NOT NULL,
  number       TEXT     NOT NULL,
  form         TEXT     NOT NULL,
  version      TEXT     NOT NULL,
  copied       SMALLINT NOT NULL,
  state        SMALLINT NOT NULL,
  sealed       BYTEA    NOT NULL,
  declaration  TEXT     NOT NULL,
  given_at     BIGINT   NOT NULL,
  decided_at   BIGINT,
  decided_by   TEXT,
  reason       TEXT
);
CREATE INDEX declarations_paper_waiting ON declarations_paper (state, given_at, position);
CREATE INDEX declarations_paper_scan ON declarations_paper (scan_id);
CREATE INDEX declarations_paper_number ON declarations_paper (number);

-- The picture of each field, sealed; they go when the paper was decided.
-- distribute: paper_id
CREATE TABLE declarations_paper_picture (
  paper_id  TEXT    NOT NULL,
  field     INTEGER NOT NULL,
  sealed    BYTEA   NOT NULL,
  PRIMARY KEY (paper_id, field)
);
