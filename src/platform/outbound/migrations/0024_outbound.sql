-- Messages on their way out. Who gets what is sealed; what has left keeps its state and loses its words.
-- distribute: id
CREATE TABLE outbound_message (
  id         TEXT     NOT NULL PRIMARY KEY,
  lane       TEXT     NOT NULL,
  sealed     BYTEA,
  state      TEXT     NOT NULL,
  created_at BIGINT   NOT NULL,
  deadline   BIGINT   NOT NULL,
  left_at    BIGINT
);
CREATE INDEX outbound_message_by_time ON outbound_message (created_at);
