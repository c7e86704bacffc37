-- What the owner of a phone said about the use of what the app recorded, from then on. Without a row the upload itself is the consent. Nothing is
-- overwritten: a question about an earlier moment is answered by what was consented to at that moment.
-- distribute: reference
CREATE TABLE tracing_proximity_consent (
  reference TEXT NOT NULL,
  since BIGINT NOT NULL,
  given SMALLINT NOT NULL,
  recorded_by TEXT NOT NULL,
  PRIMARY KEY (reference, since)
);
CREATE INDEX tracing_proximity_consent_given ON tracing_proximity_consent (given, since);
