-- What leads said of where calls and emails came from, by whom and when; nothing is ever changed here, so that who said
-- what before stays known. `item` is a call, or one of a thread's names (see aliases), so that it holds when two threads
-- turn out to be one; the newest of an item holds. A cause of null takes away what was said.
CREATE TABLE causes (
  id    INTEGER PRIMARY KEY,
  item  TEXT NOT NULL,
  cause TEXT,
  by    TEXT NOT NULL,
  at    INTEGER NOT NULL
) STRICT;

CREATE INDEX causes_item ON causes (item, id);
