-- Facts about people, by reference ("phone:+84...", "id:...", "record:source:id"); identity says who that is when asked.

-- A stay at a place. A corrected one stays as it was told, closed by superseded_at, so that "what was known then" has an answer.
-- is_long: longer than a day; so that a look-up by place needs to go back one day only. journey_code: of vehicles and flights, how a
-- declared journey names the same ride.
-- distribute: reference
CREATE TABLE tracing_visit (
  reference TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  source TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  superseded_at BIGINT,
  to_at BIGINT NOT NULL,
  is_long SMALLINT NOT NULL,
  place_code TEXT NOT NULL,
  journey_code TEXT,
  kind TEXT NOT NULL,
  seat TEXT NOT NULL,
  content BIGINT NOT NULL,
  PRIMARY KEY (reference, from_at, source, visit_id, recorded_at)
);
CREATE INDEX tracing_visit_place ON tracing_visit (place_code, is_long, from_at);
CREATE INDEX tracing_visit_told ON tracing_visit (visit_id, source);
CREATE INDEX tracing_visit_journey ON tracing_visit (journey_code, from_at) WHERE journey_code IS NOT NULL;

-- distribute: place_code
CREATE TABLE tracing_place (
  place_code TEXT NOT NULL,
  name TEXT NOT NULL,
  ward_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (place_code)
);

-- Two known people near each other; once from each side.
-- distribute: reference
CREATE TABLE tracing_encounter (
  reference TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  encounter_id TEXT NOT NULL,
  other TEXT NOT NULL,
  to_at BIGINT NOT NULL,
  distance_m DOUBLE PRECISION,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (reference, from_at, encounter_id)
);

-- Base keys of Bluezone, sealed. key_tag: keyed hash, tells whether a key is the one that is here without opening it.
-- distribute: reference
CREATE TABLE tracing_proximity_key (
  reference TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  key_tag TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (reference, made_at)
);

-- One advertisement heard by a reporter's phone. contact: reference of the owner of the identifier, once known.
-- distribute: reporter
CREATE TABLE tracing_sighting (
  reporter TEXT NOT NULL,
  at BIGINT NOT NULL,
  contact_blid TEXT NOT NULL,
  own_blid TEXT NOT NULL,
  contact TEXT,
  rssi INTEGER,
  tx_power INTEGER,
  platform TEXT NOT NULL,
  source TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (reporter, at, contact_blid)
);
CREATE INDEX tracing_sighting_waiting ON tracing_sighting (contact_blid) WHERE contact IS NULL;
CREATE INDEX tracing_sighting_fresh ON tracing_sighting (recorded_at) WHERE contact IS NULL;
CREATE INDEX tracing_sighting_of ON tracing_sighting (contact, reporter) WHERE contact IS NOT NULL;

-- When identifiers of all keys were last held against all sightings that wait, and between which times these were made. One row.
-- local
CREATE TABLE tracing_proximity_state (
  id SMALLINT NOT NULL PRIMARY KEY,
  derived_at BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
INSERT INTO tracing_proximity_state (id, derived_at, first_at, last_at) VALUES (1, 0, 0, 0);

-- Identifiers whose owner told them: an uploader's own, and between which sightings it was in use.
-- distribute: blid
CREATE TABLE tracing_identifier (
  blid TEXT NOT NULL,
  reference TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (blid, reference)
);

-- Contact episodes made of the sightings of a pair; once from each side; made anew when more is known.
-- distribute: reference
CREATE TABLE tracing_episode (
  reference TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  other TEXT NOT NULL,
  to_at BIGINT NOT NULL,
  sightings INTEGER NOT NULL,
  rssi_best INTEGER,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (reference, from_at, other)
);
CREATE INDEX tracing_episode_pair ON tracing_episode (reference, other);

-- A person is apart from others from then on. subject: a record of the person, in identity's keeping.
-- distribute: subject
CREATE TABLE tracing_isolation (
  subject TEXT NOT NULL,
  at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (subject, at)
);
