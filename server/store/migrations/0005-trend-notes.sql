-- What stands beside the trends: notes that people wrote (`by` says who), and changes of the rules (`by` is null).
-- `at` is the moment it is about, `made_at` when it was written.
CREATE TABLE trend_marks (
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('note', 'rules')),
  at      INTEGER NOT NULL,
  text    TEXT NOT NULL,
  by      TEXT,
  made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX trend_marks_at ON trend_marks (at);
