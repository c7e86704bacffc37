-- People at the door: accounts, how they are found, sessions, and for whom each may speak.
-- distribute: account
CREATE TABLE residents_account (
  account      TEXT   NOT NULL PRIMARY KEY,
  created_at   BIGINT NOT NULL,
  signed_in_at BIGINT NOT NULL
);

-- By what an account is found: a keyed hash of its phone or of an OpenID issuer and subject. The thing itself is sealed.
-- distribute: key_hash
CREATE TABLE residents_key (
  key_hash   TEXT   NOT NULL PRIMARY KEY,
  kind       TEXT   NOT NULL,
  account    TEXT   NOT NULL,
  sealed     BYTEA  NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX residents_key_by_account ON residents_key (account);

-- distribute: token_hash
CREATE TABLE residents_session (
  token_hash   TEXT     NOT NULL PRIMARY KEY,
  id           TEXT     NOT NULL,
  account      TEXT     NOT NULL,
  csrf         TEXT     NOT NULL,
  kind         TEXT     NOT NULL,
  device       TEXT     NOT NULL,
  created_at   BIGINT   NOT NULL,
  last_seen_at BIGINT   NOT NULL
);
CREATE INDEX residents_session_by_account ON residents_session (account);
CREATE INDEX residents_session_by_last_seen ON residents_session (last_seen_at);

-- Somebody who has asked for a code and not typed it yet.
-- distribute: token_hash
CREATE TABLE residents_arrival (
  token_hash TEXT   NOT NULL PRIMARY KEY,
  csrf       TEXT   NOT NULL,
  code_id    TEXT   NOT NULL,
  sealed     BYTEA  NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX residents_arrival_by_time ON residents_arrival (created_at);

-- For whom an account may speak: itself, and others by their consent. Ended ones stay, as proof of who could do what when.
-- distribute: account
CREATE TABLE residents_person (
  account    TEXT   NOT NULL,
  person     TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  relation   TEXT   NOT NULL,
  basis      TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  code_id    TEXT,
  asked_at   BIGINT NOT NULL,
  given_at   BIGINT,
  ended_at   BIGINT,
  consent    TEXT   NOT NULL,
  official   TEXT   NOT NULL,
  manner     TEXT   NOT NULL,
  PRIMARY KEY (account, person)
);
CREATE INDEX residents_person_by_subject ON residents_person (subject);
CREATE INDEX residents_person_by_person ON residents_person (person);

-- People received by staff. `account`: what their card signs in to; empty until one is printed.
-- distribute: person
CREATE TABLE residents_received (
  person      TEXT   NOT NULL PRIMARY KEY,
  subject     TEXT   NOT NULL,
  account     TEXT   NOT NULL,
  received_at BIGINT NOT NULL
);

-- Who stood before whom and when last: what a counter does for somebody, it does while they are there.
-- distribute: person
CREATE TABLE residents_reception (
  person TEXT   NOT NULL,
  staff  TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (person, staff)
);

-- By what somebody received is found again: keyed hashes of number and name, of name, birth and phone.
-- distribute: key_hash
CREATE TABLE residents_received_key (
  key_hash TEXT NOT NULL PRIMARY KEY,
  person   TEXT NOT NULL
);

-- Printed cards. Code and PIN stand nowhere: a hash of the one (130 random bits), a slow hash of the other.
-- distribute: card_hash
CREATE TABLE residents_card (
  card_hash  TEXT   NOT NULL PRIMARY KEY,
  id         TEXT   NOT NULL,
  person     TEXT   NOT NULL,
  pin_hash   TEXT   NOT NULL,
  wrong_pins BIGINT NOT NULL,
  issued_at  BIGINT NOT NULL,
  issued_by  TEXT   NOT NULL,
  ended_at   BIGINT,
  end_reason TEXT
);
CREATE INDEX residents_card_by_person ON residents_card (person);
