-- What people decided of a post, by whom and when. `post` is one of the post's names (see aliases), so that it holds
-- when two versions turn out to be one post.
CREATE TABLE post_marks (
  post TEXT NOT NULL,
  mark TEXT NOT NULL,
  by   TEXT NOT NULL,
  at   INTEGER NOT NULL,
  PRIMARY KEY (post, mark)
) STRICT, WITHOUT ROWID;

-- Every quote of the day that was taken, by whom (null: by the rule) and why. `post` is null for a quote that was sent
-- or typed.
CREATE TABLE quotes_shown (
  id           INTEGER PRIMARY KEY,
  date         TEXT NOT NULL,
  at           INTEGER NOT NULL,
  text         TEXT NOT NULL,
  cite         TEXT NOT NULL,
  post         TEXT,
  why          TEXT NOT NULL,
  by           TEXT,
  withdrawn_by TEXT,
  withdrawn_at INTEGER
) STRICT;

CREATE INDEX quotes_shown_at ON quotes_shown (at);

-- Authors' pictures. `bytes` is null where there was none to be had, and `trouble` says why.
CREATE TABLE avatars (
  id      TEXT NOT NULL PRIMARY KEY,
  at      INTEGER NOT NULL,
  type    TEXT,
  bytes   BLOB,
  trouble TEXT
) STRICT;

CREATE INDEX avatars_at ON avatars (at);

-- Marks of people on mail, for the list of who did what.
CREATE INDEX mail_marks ON facts (json_extract(content, '$.at')) WHERE kind IN ('waive', 'spam');
