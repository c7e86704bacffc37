-- Staff accounts, what they may do, their sessions; approvals by a second person; one-time codes.
-- local
CREATE TABLE auth_account (
  id                   TEXT     NOT NULL PRIMARY KEY,
  login                TEXT     NOT NULL UNIQUE,
  display_name         TEXT     NOT NULL,
  password_hash        TEXT     NOT NULL,
  must_change_password SMALLINT NOT NULL,
  totp_sealed          BYTEA,
  totp_pending         BYTEA,
  totp_step_last       BIGINT   NOT NULL,
  state                TEXT     NOT NULL,
  created_at           BIGINT   NOT NULL,
  signed_in_at         BIGINT
);

-- local
CREATE TABLE auth_grant (
  id         TEXT   NOT NULL PRIMARY KEY,
  account    TEXT   NOT NULL REFERENCES auth_account (id),
  role       TEXT   NOT NULL,
  area       TEXT   NOT NULL,
  until      BIGINT,
  granted_by TEXT   NOT NULL,
  granted_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX auth_grant_by_account ON auth_grant (account);

-- local
CREATE TABLE auth_session (
  token_hash   TEXT   NOT NULL PRIMARY KEY,
  id           TEXT   NOT NULL UNIQUE,
  account      TEXT   NOT NULL REFERENCES auth_account (id),
  stage        TEXT   NOT NULL,
  csrf         TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  tries        BIGINT NOT NULL
);
CREATE INDEX auth_session_by_account ON auth_session (account);
CREATE INDEX auth_session_by_last_seen ON auth_session (last_seen_at);

-- Tries by login, address or phone; the bucket's name is a keyed hash of it.
-- distribute: bucket
CREATE TABLE auth_attempt (
  bucket        TEXT   NOT NULL PRIMARY KEY,
  tries         BIGINT NOT NULL,
  last_at       BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
);
CREATE INDEX auth_attempt_by_last ON auth_attempt (last_at);

-- distribute: id
CREATE TABLE auth_code (
  id         TEXT   NOT NULL PRIMARY KEY,
  code_hash  BYTEA  NOT NULL,
  created_at BIGINT NOT NULL,
  tries      BIGINT NOT NULL,
  used_at    BIGINT
);
CREATE INDEX auth_code_by_time ON auth_code (created_at);

-- local
CREATE TABLE auth_approval (
  id           TEXT   NOT NULL PRIMARY KEY,
  kind         TEXT   NOT NULL,
  params_hash  TEXT   NOT NULL,
  area         TEXT   NOT NULL,
  purpose      TEXT   NOT NULL,
  state        TEXT   NOT NULL,
  requested_by TEXT   NOT NULL,
  requested_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  decided_by   TEXT,
  decided_at   BIGINT,
  consumed_at  BIGINT
);
CREATE INDEX auth_approval_by_state ON auth_approval (state, expires_at);
