-- Passes issued. state and form as declarations::PassState and FormKind; check_byte NULL: no second factor. `period`: of policies/passes.toml.
-- distribute: subject_id
CREATE TABLE declarations_pass (
  subject_id   TEXT     NOT NULL,
  pass_id      TEXT     NOT NULL,
  state        SMALLINT NOT NULL,
  form         SMALLINT NOT NULL,
  check_byte   SMALLINT,
  period       TEXT     NOT NULL,
  issued_at    BIGINT   NOT NULL,
  expires_at   BIGINT   NOT NULL,
  revoked_at   BIGINT,
  PRIMARY KEY (subject_id, pass_id)
);
CREATE INDEX declarations_pass_age ON declarations_pass (expires_at);

-- What gates must refuse although the signature holds; a row goes when its pass has expired. No subject: a gate asks for nobody.
-- distribute: pass_id
CREATE TABLE declarations_pass_revocation (
  pass_id     TEXT   NOT NULL PRIMARY KEY,
  revoked_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL
);
CREATE INDEX declarations_pass_revocation_time ON declarations_pass_revocation (revoked_at);
