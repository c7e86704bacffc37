-- What was answered, one row a declaration; who it is about and everything else as it came is identity's record of the same subject.
-- Somebody at the door (source "motcua") has one record and many declarations, by record_id; an imported record is one declaration.
-- Answers: 1 yes, 0 no, NULL not said. symptoms: bits in the order of declarations::symptom_codes.
-- clustered
-- distribute: subject_id
CREATE TABLE declarations_declaration (
  subject_id           TEXT     NOT NULL,
  source               TEXT     NOT NULL,
  record_id            TEXT     NOT NULL,
  kind                 TEXT     NOT NULL,
  declared_at          BIGINT   NOT NULL,
  on_behalf            SMALLINT NOT NULL,
  symptoms             SMALLINT NOT NULL,
  contact_case         SMALLINT,
  contact_symptomatic  SMALLINT,
  from_affected_area   SMALLINT,
  PRIMARY KEY (subject_id, record_id)
);

-- The ride or flight of a movement declaration and its stops. The same ride told again is one row, of the declaration that told it last.
-- distribute: subject_id
CREATE TABLE declarations_journey (
  subject_id  TEXT   NOT NULL,
  place_code  TEXT   NOT NULL,
  record_id   TEXT   NOT NULL,
  kind        TEXT   NOT NULL,
  seat        TEXT   NOT NULL,
  from_at     BIGINT NOT NULL,
  to_at       BIGINT NOT NULL,
  PRIMARY KEY (subject_id, place_code, from_at)
);
CREATE INDEX declarations_journey_place ON declarations_journey (place_code, from_at);
CREATE INDEX declarations_journey_age ON declarations_journey (to_at);
