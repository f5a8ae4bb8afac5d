-- Who is sent the weekly summary, by whom that was asked and when. `token` opens the way out in each mail.
-- `week` is the Monday of the last week that was dealt with, `state` how far that is: 'due' is written before the first
-- attempt, so that a mail whose taking was not seen is sent again under the same name. `fresh` is a new subscriber's.
CREATE TABLE report_subscribers (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL,
  scope   TEXT NOT NULL,
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL,
  token   TEXT NOT NULL UNIQUE,
  week    TEXT NOT NULL,
  state   TEXT NOT NULL DEFAULT 'fresh' CHECK (state IN ('fresh', 'due', 'sent', 'failed')),
  tries   INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  sent_at INTEGER,
  trouble TEXT,
  UNIQUE (address, scope)
) STRICT;
