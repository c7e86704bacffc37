-- What a citizen objects to in who looked at her record. entry_seq: the entry of the audit log, 0 when it is about all of them.
-- state: 0 open, 1 upheld, 2 not upheld.
-- distribute: person_id
CREATE TABLE identity_objection (
  person_id    TEXT     NOT NULL,
  objection_id TEXT     NOT NULL,
  entry_seq    BIGINT   NOT NULL,
  words        TEXT     NOT NULL,
  state        SMALLINT NOT NULL,
  answer       TEXT     NOT NULL,
  made_at      BIGINT   NOT NULL,
  recorded_by  TEXT     NOT NULL,
  answered_at  BIGINT,
  answered_by  TEXT     NOT NULL,
  PRIMARY KEY (person_id, objection_id)
);
CREATE INDEX identity_objection_state ON identity_objection (state, made_at);
