-- One row a record about a person, as another system told it: columns normalised for linkage, the rest in payload.
-- distribute: subject_id
CREATE TABLE identity_record (
  subject_id       TEXT     NOT NULL PRIMARY KEY,
  source           TEXT     NOT NULL,
  record_id        TEXT     NOT NULL,
  kind             TEXT     NOT NULL,
  told_at          BIGINT,
  full_name        TEXT     NOT NULL,
  birth            TEXT     NOT NULL,
  sex              SMALLINT NOT NULL,
  phone            TEXT     NOT NULL,
  phone_is_own     SMALLINT NOT NULL,
  email            TEXT     NOT NULL,
  id_number        TEXT     NOT NULL,
  old_id_number    TEXT     NOT NULL,
  insurance_number TEXT     NOT NULL,
  passport         TEXT     NOT NULL,
  nationality      TEXT     NOT NULL,
  address          TEXT     NOT NULL,
  ward_code        TEXT     NOT NULL,
  household_id     TEXT     NOT NULL,
  payload          TEXT     NOT NULL,
  content_hash     BIGINT   NOT NULL,
  imported_at      BIGINT   NOT NULL
);

-- Which phones and ids a record claims, spread by what is claimed, so that a reference asks one place.
-- clustered
-- distribute: reference
CREATE TABLE identity_claim (
  reference  TEXT     NOT NULL,
  subject_id TEXT     NOT NULL,
  since      BIGINT,
  is_own     SMALLINT NOT NULL,
  PRIMARY KEY (reference, subject_id)
);

-- Which person a record is today, and why. content_hash: of the record as it was when it was linked.
-- distribute: subject_id
CREATE TABLE identity_link (
  subject_id   TEXT   NOT NULL PRIMARY KEY,
  person_id    TEXT   NOT NULL,
  probability  DOUBLE PRECISION NOT NULL,
  decided_by   TEXT   NOT NULL,
  partner      TEXT   NOT NULL,
  content_hash BIGINT NOT NULL,
  linked_at    BIGINT NOT NULL
);
CREATE INDEX identity_link_person ON identity_link (person_id);

-- The summary of a person, made anew whenever its records change.
-- distribute: person_id
CREATE TABLE identity_person (
  person_id  TEXT     NOT NULL PRIMARY KEY,
  full_name  TEXT     NOT NULL,
  name_key   TEXT     NOT NULL,
  birth      TEXT     NOT NULL,
  sex        SMALLINT NOT NULL,
  phone      TEXT     NOT NULL,
  ward_code  TEXT     NOT NULL,
  address    TEXT     NOT NULL,
  records    BIGINT   NOT NULL,
  rebuilt_at BIGINT   NOT NULL
);
CREATE INDEX identity_person_name ON identity_person (name_key);
CREATE INDEX identity_person_phone ON identity_person (phone);

-- Doubtful pairs for a human.
-- distribute: task_id
CREATE TABLE identity_review (
  task_id     TEXT     NOT NULL PRIMARY KEY,
  subject_a   TEXT     NOT NULL,
  subject_b   TEXT     NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  bits        DOUBLE PRECISION NOT NULL,
  ward_code   TEXT     NOT NULL,
  state       SMALLINT NOT NULL,
  created_at  BIGINT   NOT NULL,
  decided_by  TEXT     NOT NULL,
  decided_at  BIGINT,
  event_id    TEXT     NOT NULL
);
CREATE INDEX identity_review_order ON identity_review (state, probability, task_id);
CREATE INDEX identity_review_ward ON identity_review (state, ward_code);

-- What people decided of two records: one person (1) or two (0). The machine never overrules it.
-- distribute: subject_a
CREATE TABLE identity_decision (
  subject_a  TEXT     NOT NULL,
  subject_b  TEXT     NOT NULL,
  event_id   TEXT     NOT NULL,
  same       SMALLINT NOT NULL,
  actor      TEXT     NOT NULL,
  decided_at BIGINT   NOT NULL,
  undone_at  BIGINT,
  undone_by  TEXT     NOT NULL,
  PRIMARY KEY (subject_a, subject_b, event_id)
);
CREATE INDEX identity_decision_event ON identity_decision (event_id);
CREATE INDEX identity_decision_undone ON identity_decision (undone_by);

-- One row a human decision; with the moves below, what is needed to take it back.
-- distribute: event_id
CREATE TABLE identity_event (
  event_id   TEXT     NOT NULL PRIMARY KEY,
  kind       SMALLINT NOT NULL,
  actor      TEXT     NOT NULL,
  at         BIGINT   NOT NULL,
  task_id    TEXT     NOT NULL,
  undone_at  BIGINT
);

-- distribute: event_id
CREATE TABLE identity_event_move (
  event_id      TEXT NOT NULL,
  subject_id    TEXT NOT NULL,
  person_before TEXT NOT NULL,
  person_after  TEXT NOT NULL,
  decided_before TEXT NOT NULL,
  PRIMARY KEY (event_id, subject_id)
);

-- Which persons a decision touched: the history of each.
-- distribute: person_id
CREATE TABLE identity_event_person (
  person_id TEXT NOT NULL,
  event_id  TEXT NOT NULL,
  PRIMARY KEY (person_id, event_id)
);

-- The parameters the last full run learned, and how far links are behind records. One row. epoch grows with every change of links or
-- decisions, so that two who change them at once notice. changes counts every change of records and of links; generation is another after
-- each full run.
-- local
CREATE TABLE identity_state (
  id             SMALLINT NOT NULL PRIMARY KEY,
  model          TEXT     NOT NULL,
  model_records  BIGINT   NOT NULL,
  changes        BIGINT   NOT NULL,
  changes_linked BIGINT   NOT NULL,
  epoch          BIGINT   NOT NULL,
  generation     TEXT     NOT NULL
);
INSERT INTO identity_state (id, model, model_records, changes, changes_linked, epoch, generation) VALUES (1, '', 0, 0, 0, 0, '');

-- Whose record or link changed since the last full run, by the number of the change: what a run works on, and what an index that is kept
-- has to follow. Nothing is noted before the first full run.
-- clustered
-- distribute: subject_id
CREATE TABLE identity_change (
  change     BIGINT NOT NULL,
  subject_id TEXT   NOT NULL,
  PRIMARY KEY (change, subject_id)
);
