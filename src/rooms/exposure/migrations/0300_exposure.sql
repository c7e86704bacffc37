-- Keys of phones, and nothing of whose: no case, no code, no address, no time but the export period they came in. Kept in the order of the keys,
-- which are random, so that their place does not tell which came together either.
-- origin: '' of phones here, else the region whose archive they came in; 'decoy' lives within one transaction only. made_up: fills an archive up.
-- clustered
-- distribute: key_data
CREATE TABLE exposure_key (
  key_data BYTEA NOT NULL,
  rolling_start BIGINT NOT NULL,
  rolling_period BIGINT NOT NULL,
  risk BIGINT NOT NULL,
  report_type BIGINT NOT NULL,
  onset_days BIGINT,
  traveler SMALLINT NOT NULL,
  origin TEXT NOT NULL,
  made_up SMALLINT NOT NULL,
  released_at BIGINT NOT NULL,
  archived SMALLINT NOT NULL,
  told_type BIGINT NOT NULL,
  revised_at BIGINT,
  revision_archived SMALLINT NOT NULL,
  PRIMARY KEY (key_data)
);
CREATE INDEX exposure_key_release ON exposure_key (archived, released_at);
CREATE INDEX exposure_key_revision ON exposure_key (revision_archived, revised_at) WHERE revised_at IS NOT NULL;

-- One-time codes of the health authority, as keyed hashes; claimed_day: the UTC day it was used on, and no closer.
-- distribute: code_hash
CREATE TABLE exposure_code (
  code_hash BYTEA NOT NULL,
  code_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  report_type BIGINT NOT NULL,
  onset_interval BIGINT,
  issued_by TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  claimed_day BIGINT,
  certified SMALLINT NOT NULL,
  PRIMARY KEY (code_hash)
);
CREATE INDEX exposure_code_case ON exposure_code (case_id, issued_at);

-- Signed archives as they are served; the same for everybody.
-- local
CREATE TABLE exposure_archive (
  name TEXT NOT NULL PRIMARY KEY,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  key_count BIGINT NOT NULL,
  revised_count BIGINT NOT NULL,
  content BYTEA NOT NULL
);
CREATE INDEX exposure_archive_time ON exposure_archive (to_at, name);
