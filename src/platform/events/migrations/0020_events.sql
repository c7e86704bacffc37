-- What was told and not yet handed to handlers; a row lives for milliseconds.
-- local
CREATE TABLE events_outbox (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  payload TEXT NOT NULL,
  emitted_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);

-- One row a handler; gone when it succeeded. state: 0 waiting, 1 dead.
-- local
CREATE TABLE events_delivery (
  id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event TEXT NOT NULL,
  handler TEXT NOT NULL,
  payload TEXT NOT NULL,
  emitted_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  leased_until BIGINT NOT NULL,
  failure TEXT NOT NULL,
  failed_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX events_delivery_due ON events_delivery (state, due_at);

-- local
CREATE TABLE events_periodic (
  name TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  leased_until BIGINT NOT NULL,
  last_failure TEXT NOT NULL,
  PRIMARY KEY (name)
);
