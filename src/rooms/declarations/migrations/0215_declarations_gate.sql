-- What a member of staff declared for somebody at a gate or counter: the number, whose it is, and how the list of that day names it.
-- distribute: account
CREATE TABLE declarations_gate (
  account      TEXT    NOT NULL,
  declaration  TEXT    NOT NULL,
  subject_id   TEXT    NOT NULL,
  label        TEXT    NOT NULL,
  ticket       INTEGER NOT NULL,
  received_at  BIGINT  NOT NULL,
  PRIMARY KEY (account, declaration)
);
CREATE INDEX declarations_gate_day ON declarations_gate (account, received_at);
CREATE INDEX declarations_gate_age ON declarations_gate (received_at);
