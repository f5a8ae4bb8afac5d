-- One B-tree serves de-duplication and reading an item: the item follows from the rest of the key.
CREATE TABLE facts (
  item    TEXT NOT NULL,
  source  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  part    TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (item, source, kind, subject, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX quotes ON facts (json_extract(content, '$.at')) WHERE kind = 'quote';

-- wake_at: the next instant at which time alone changes the item. counted_from, counted_to: the first and the last
-- instant at which anything of it counts. mention_at: set while the post counts as a mention.
CREATE TABLE items (
  key          TEXT NOT NULL PRIMARY KEY,
  source       TEXT NOT NULL,
  person       TEXT,
  at           INTEGER NOT NULL,
  folded_to    INTEGER NOT NULL,
  judged       TEXT NOT NULL,
  open         INTEGER NOT NULL,
  wake_at      INTEGER,
  counted_from INTEGER,
  counted_to   INTEGER,
  mention_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX items_open ON items (key) WHERE open = 1;
CREATE INDEX items_wake ON items (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX items_person ON items (person) WHERE person IS NOT NULL;
CREATE INDEX items_mention ON items (mention_at) WHERE mention_at IS NOT NULL;
-- Nearly every item counts within an hour, so that a span is one range; the few longer ones are looked through.
CREATE INDEX items_short ON items (counted_to, counted_from) WHERE counted_to - counted_from < 3600000;
CREATE INDEX items_long ON items (counted_to, counted_from) WHERE counted_to - counted_from >= 3600000;

-- A day of a scope lies together. Finer histograms get a table of their own beside this one.
CREATE TABLE tallies (
  scope   TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  figure  TEXT NOT NULL,
  n       INTEGER NOT NULL,
  d       INTEGER NOT NULL,
  PRIMARY KEY (scope, quarter, figure)
) STRICT, WITHOUT ROWID;

CREATE TABLE aliases (
  name TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX aliases_item ON aliases (item);

CREATE TABLE cursors (
  source TEXT NOT NULL PRIMARY KEY,
  cursor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source_counts (
  source   TEXT NOT NULL PRIMARY KEY,
  stored   INTEGER NOT NULL,
  repeat   INTEGER NOT NULL,
  conflict INTEGER NOT NULL,
  refused  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
