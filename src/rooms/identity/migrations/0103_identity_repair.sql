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

-- One row a file that was given on the page to be repaired; what came of it. state: 0 waiting, 1 looked through, 2 applied, 3 refused.
-- distribute: repair_id
CREATE TABLE identity_repair (
  repair_id  TEXT     NOT NULL PRIMARY KEY,
  actor      TEXT     NOT NULL,
  state      SMALLINT NOT NULL,
  given_at   BIGINT   NOT NULL,
  ended_at   BIGINT,
  rows_read  BIGINT   NOT NULL,
  rows_right BIGINT   NOT NULL,
  repaired   BIGINT   NOT NULL,
  review     BIGINT   NOT NULL,
  left_rows  BIGINT   NOT NULL,
  recorded   BIGINT   NOT NULL,
  failure    TEXT     NOT NULL
);
CREATE INDEX identity_repair_given ON identity_repair (given_at);
