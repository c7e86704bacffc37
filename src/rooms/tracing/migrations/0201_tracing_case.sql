-- Cases, what their traces found, and the follow-up.

-- subject: the record the case was made of; person_id: whose it is since the last trace. traces: how many were stored, so that an answer is not
-- written over a newer one.
-- distribute: case_id
CREATE TABLE tracing_case (
  case_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL,
  ward_code TEXT NOT NULL,
  search_text TEXT NOT NULL,
  sampled_at BIGINT NOT NULL,
  onset TEXT,
  isolated_at BIGINT,
  source_contact_at BIGINT,
  policy TEXT NOT NULL,
  state TEXT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  traced_at BIGINT,
  depth INTEGER NOT NULL,
  partial SMALLINT NOT NULL,
  contacts BIGINT NOT NULL,
  version INTEGER NOT NULL,
  traces BIGINT NOT NULL,
  PRIMARY KEY (case_id)
);
CREATE INDEX tracing_case_subject ON tracing_case (subject);
CREATE INDEX tracing_case_person ON tracing_case (person_id);
CREATE INDEX tracing_case_state ON tracing_case (state, confirmed_at);

-- The last trace's result. search_text: folded name and phone, for finding and sorting; what is shown is asked of identity anew.
-- distribute: case_id
CREATE TABLE tracing_contact (
  case_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  ward_code TEXT NOT NULL,
  search_text TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  exposed_at BIGINT NOT NULL,
  minutes DOUBLE PRECISION NOT NULL,
  evidence TEXT NOT NULL,
  via_person TEXT NOT NULL,
  reason TEXT NOT NULL,
  path TEXT NOT NULL,
  earliest_path TEXT NOT NULL,
  fingerprint BIGINT NOT NULL,
  task_id TEXT NOT NULL,
  state TEXT NOT NULL,
  assignee TEXT NOT NULL,
  due_at BIGINT,
  PRIMARY KEY (case_id, person_id)
);
CREATE INDEX tracing_contact_id ON tracing_contact (contact_id);
CREATE INDEX tracing_contact_person ON tracing_contact (person_id);
CREATE INDEX tracing_contact_class ON tracing_contact (case_id, level, minutes DESC, person_id);
CREATE INDEX tracing_contact_ward ON tracing_contact (case_id, ward_code);

-- One call to make. subject: a record of the person, so that merging persons loses no history.
-- distribute: case_id
CREATE TABLE tracing_task (
  case_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  ward_code TEXT NOT NULL,
  assignee TEXT NOT NULL,
  state TEXT NOT NULL,
  last_outcome TEXT NOT NULL,
  calls INTEGER NOT NULL,
  due_at BIGINT,
  version INTEGER NOT NULL,
  PRIMARY KEY (case_id, task_id)
);
CREATE INDEX tracing_task_id ON tracing_task (task_id);
CREATE INDEX tracing_task_ward ON tracing_task (ward_code, state, due_at);
CREATE INDEX tracing_task_due ON tracing_task (state, due_at);
CREATE INDEX tracing_task_subject ON tracing_task (subject);
CREATE INDEX tracing_task_assignee ON tracing_task (assignee, state, due_at);

-- distribute: case_id
CREATE TABLE tracing_call (
  case_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  outcome TEXT NOT NULL,
  note TEXT NOT NULL,
  appointment_at BIGINT,
  PRIMARY KEY (case_id, task_id, number)
);

-- How many contacts a case has in each ward: what lists of cases are made from.
-- distribute: case_id
CREATE TABLE tracing_case_ward (
  case_id TEXT NOT NULL,
  ward_code TEXT NOT NULL,
  contacts BIGINT NOT NULL,
  f1 BIGINT NOT NULL,
  PRIMARY KEY (case_id, ward_code)
);
CREATE INDEX tracing_case_ward_by_ward ON tracing_case_ward (ward_code);

-- Whether a look at all open cases is already on its way: a burst of changes needs one. turn: how many looks began; who writes lists holds this row.
-- local
CREATE TABLE tracing_retrace (
  id INTEGER NOT NULL,
  scheduled SMALLINT NOT NULL,
  turn BIGINT NOT NULL,
  PRIMARY KEY (id)
);
INSERT INTO tracing_retrace (id, scheduled, turn) VALUES (1, 0, 0);

-- What a new stay must touch to change an open case's answer: places ("at <code>") and references its trace asked about, and between which
-- moments; "*": everything.
-- distribute: key
CREATE TABLE tracing_watch (
  key TEXT NOT NULL,
  case_id TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  PRIMARY KEY (key, case_id)
);
CREATE INDEX tracing_watch_case ON tracing_watch (case_id);
