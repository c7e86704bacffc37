-- What somebody answered at the door, word by word, sealed; what the house makes of it is in declarations_declaration under the same key.
-- distribute: subject_id
CREATE TABLE declarations_answers (
  subject_id   TEXT     NOT NULL,
  declaration  TEXT     NOT NULL,
  account      TEXT     NOT NULL,
  form         TEXT     NOT NULL,
  version      INTEGER  NOT NULL,
  sealed       BYTEA    NOT NULL,
  pass_id      TEXT     NOT NULL,
  declared_at  BIGINT   NOT NULL,
  expires_at   BIGINT   NOT NULL,
  PRIMARY KEY (subject_id, declaration)
);
CREATE INDEX declarations_answers_age ON declarations_answers (declared_at);

-- Answers that are not sent yet, one form of one person.
-- distribute: subject_id
CREATE TABLE declarations_draft (
  subject_id   TEXT   NOT NULL,
  form         TEXT   NOT NULL,
  declaration  TEXT   NOT NULL,
  sealed       BYTEA  NOT NULL,
  updated_at   BIGINT NOT NULL,
  PRIMARY KEY (subject_id, form)
);
CREATE INDEX declarations_draft_age ON declarations_draft (updated_at);
