-- One row a version of a unit. Dates are ISO texts, empty where unknown; valid_to is the last day.
-- reference
CREATE TABLE units_version (
  code TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL,
  parent_code TEXT NOT NULL,
  PRIMARY KEY (code, valid_from)
);

-- Names people write that no list of units holds. `key` is folded, lower case, without blanks; `parent_code` narrows it when it is not empty.
-- The dates say when the name was the official one; people write it long after.
-- reference
CREATE TABLE units_alias (
  key TEXT NOT NULL,
  level TEXT NOT NULL,
  parent_code TEXT NOT NULL,
  code TEXT NOT NULL,
  official_from TEXT NOT NULL,
  official_to TEXT NOT NULL,
  PRIMARY KEY (key, level, parent_code)
);

-- Provinces of one map and the province each became part of on the next.
-- reference
CREATE TABLE units_merger (
  old_code TEXT NOT NULL,
  new_code TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  PRIMARY KEY (old_code, effective_on)
);
