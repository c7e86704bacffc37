-- Places where people check in. Who was there stands in tracing's visits, by the venue's id as place; nothing of it is here.

-- keeper: res_... or acc_..., who answers for it. code: of the poster, short_code: for typing and SMS; the ones in force.
-- distribute: venue_id
CREATE TABLE venues_venue (
  venue_id TEXT NOT NULL,
  keeper TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  ward_code TEXT NOT NULL,
  address TEXT NOT NULL,
  code TEXT NOT NULL,
  short_code TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (venue_id)
);
CREATE INDEX venues_venue_keeper ON venues_venue (keeper, made_at);
CREATE INDEX venues_venue_ward ON venues_venue (ward_code);

-- Every code there ever was, of posters and short ones: none is given out twice, and a code that ended says so.
-- distribute: code
CREATE TABLE venues_code (
  code TEXT NOT NULL,
  venue_id TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (code)
);

-- Telephones that asked for silence: they may check in, and are told nothing. A keyed hash.
-- distribute: phone_hash
CREATE TABLE venues_silent (
  phone_hash TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (phone_hash)
);
