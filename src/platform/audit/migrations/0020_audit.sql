-- The record of who did and who read what: a chain of hashes. Entries are only ever appended; retention cuts the beginning off.
-- distribute: seq
CREATE TABLE audit_entry (
  seq       BIGINT   NOT NULL PRIMARY KEY,
  at        BIGINT   NOT NULL,
  actor     TEXT     NOT NULL,
  role      TEXT     NOT NULL,
  purpose   TEXT     NOT NULL,
  action    TEXT     NOT NULL,
  object    TEXT     NOT NULL,
  subject   TEXT     NOT NULL,
  area      TEXT     NOT NULL,
  detail    TEXT     NOT NULL,
  request   TEXT     NOT NULL,
  is_read   SMALLINT NOT NULL,
  prev_hash BYTEA    NOT NULL,
  hash      BYTEA    NOT NULL
);
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, seq) WHERE subject <> '';
CREATE INDEX audit_entry_by_object ON audit_entry (object, seq) WHERE object <> '';
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, seq);

-- The end of the chain, in one row; whoever appends changes it first, so that processes take turns.
-- local
CREATE TABLE audit_head (
  id             SMALLINT NOT NULL PRIMARY KEY,
  seq            BIGINT   NOT NULL,
  hash           BYTEA    NOT NULL,
  checkpoint_seq BIGINT   NOT NULL,
  checkpoint_at  BIGINT   NOT NULL
);

-- Signed statements "entry seq had this hash at that time".
-- local
CREATE TABLE audit_checkpoint (
  seq       BIGINT NOT NULL PRIMARY KEY,
  hash      BYTEA  NOT NULL,
  at        BIGINT NOT NULL,
  signature BYTEA  NOT NULL
);

-- Signed statements "the entries up to seq, the last with this hash, were deleted at that time, as retention says": where the chain begins.
-- local
CREATE TABLE audit_cut (
  seq       BIGINT NOT NULL PRIMARY KEY,
  hash      BYTEA  NOT NULL,
  entries   BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  signature BYTEA  NOT NULL
);
