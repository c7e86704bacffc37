-- First answers to API writes that carried an Idempotency-Key. They belong to this installation and expire.
-- local
CREATE TABLE idempotency_answer (
  scope TEXT NOT NULL,          -- account, method and route
  answer_key TEXT NOT NULL,     -- the client's key
  body_hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  content_type TEXT NOT NULL,
  body TEXT NOT NULL,
  location TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (scope, answer_key)
);
CREATE INDEX idempotency_answer_expires ON idempotency_answer (expires_at);
