-- One row an import: what came, who brought it, how it ended. Counts grow in the transactions of its batches.
-- local
CREATE TABLE intake_import (
  import_id       TEXT PRIMARY KEY,
  kind            TEXT NOT NULL,
  source          TEXT NOT NULL,
  shown_name      TEXT NOT NULL,
  actor           TEXT NOT NULL,
  started_at      BIGINT NOT NULL,
  heard_at        BIGINT NOT NULL,
  ended_at        BIGINT,
  rows_read       BIGINT NOT NULL,
  rows_accepted   BIGINT NOT NULL,
  rows_updated    BIGINT NOT NULL,
  rows_unchanged  BIGINT NOT NULL,
  rows_rejected   BIGINT NOT NULL,
  rows_warned     BIGINT NOT NULL,
  rejected_file   TEXT NOT NULL,
  failure_code    TEXT NOT NULL,
  failure_field   TEXT NOT NULL,
  failure_row     BIGINT
);
CREATE INDEX intake_import_started ON intake_import (started_at);
