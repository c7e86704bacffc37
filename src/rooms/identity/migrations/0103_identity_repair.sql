-- What a field of a record should say, and which record says so. The record itself stays as it was told. state: 0 proposed, 1 by the machine,
-- 2 confirmed by a person, 3 refused by a person.
-- distribute: subject_id
CREATE TABLE identity_correction (
  subject_id  TEXT     NOT NULL,
  field       SMALLINT NOT NULL,
  says        TEXT     NOT NULL,
  should_say  TEXT     NOT NULL,
  source      TEXT     NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  state       SMALLINT NOT NULL,
  repair_id   TEXT     NOT NULL,
  decided_by  TEXT     NOT NULL,
  decided_at  BIGINT   NOT NULL,
  PRIMARY KEY (subject_id, field)
);
CREATE INDEX identity_correction_state ON identity_correction (state, decided_at);
