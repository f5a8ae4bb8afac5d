-- Quarter-hours that are over are packed by month: one row of `tallies` a quarter-hour is only what came since. A tally
-- is what is packed and what is in its row together.
CREATE TABLE tally_months (
  scope  TEXT NOT NULL,
  month  INTEGER NOT NULL,
  figure TEXT NOT NULL,
  packed BLOB NOT NULL,
  PRIMARY KEY (scope, month, figure)
) STRICT;

-- How often each length occurred, by local day; packed by month likewise.
CREATE TABLE spreads (
  scope   TEXT NOT NULL,
  measure TEXT NOT NULL,
  day     INTEGER NOT NULL,
  key     INTEGER NOT NULL,
  count   INTEGER NOT NULL,
  PRIMARY KEY (scope, measure, day, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE spread_months (
  scope   TEXT NOT NULL,
  measure TEXT NOT NULL,
  month   INTEGER NOT NULL,
  packed  BLOB NOT NULL,
  PRIMARY KEY (scope, measure, month)
) STRICT;

-- Lengths are counted as calls and emails are judged: everything is judged again, before the wall is shown.
DELETE FROM items;
DELETE FROM tallies;
INSERT INTO meta (name, value) SELECT 'rules', 'judge everything' WHERE EXISTS (SELECT 1 FROM facts)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
