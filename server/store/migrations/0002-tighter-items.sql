-- Verdicts are written tighter and found faster: everything that was judged goes and is judged again from the facts,
-- before the wall is shown (meta 'rules'). Facts, names and cursors stay as they are.
DROP TABLE items;

-- wake_at: the next instant at which time alone changes the item; the last instant there is for what is open until a
-- fact comes; null when nothing is open. counted_from, counted_to: the first and the last instant at which anything of
-- it counts. mention_at: set while the post counts as a mention. contacts: what a call or text means for call-backs.
CREATE TABLE items (
  key          TEXT NOT NULL PRIMARY KEY,
  source       TEXT NOT NULL,
  person       TEXT,
  at           INTEGER NOT NULL,
  folded_to    INTEGER NOT NULL,
  judged       TEXT NOT NULL,
  contacts     TEXT,
  wake_at      INTEGER,
  counted_from INTEGER,
  counted_to   INTEGER,
  mention_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX items_wake ON items (wake_at) WHERE wake_at IS NOT NULL;
-- Holds all that is asked of a person, so that a switchboard's thousands of calls lie together.
CREATE INDEX items_person ON items (person, source, contacts) WHERE contacts IS NOT NULL;
CREATE INDEX items_mention ON items (mention_at) WHERE mention_at IS NOT NULL;
-- Nearly every item counts within an hour, so that a span is one range; the few longer ones are looked through.
CREATE INDEX items_short ON items (counted_to, counted_from) WHERE counted_to - counted_from < 3600000;
CREATE INDEX items_long ON items (counted_to, counted_from) WHERE counted_to - counted_from >= 3600000;

DELETE FROM tallies;
INSERT INTO meta (name, value) SELECT 'rules', 'judge everything' WHERE EXISTS (SELECT 1 FROM facts)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
