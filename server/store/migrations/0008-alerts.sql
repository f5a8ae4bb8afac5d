-- Rules of attention as leads set them; `content` is the rule as JSON (shared/alert.ts).
CREATE TABLE alert_rules (
  id         TEXT NOT NULL PRIMARY KEY,
  version    INTEGER NOT NULL,
  content    TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Teams whose usual rules were made: they are made once, and never again when they were deleted.
CREATE TABLE alert_teams (
  team TEXT NOT NULL PRIMARY KEY,
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a rule's two machines stand, so that a restart takes nothing back and begins nothing anew.
CREATE TABLE alert_states (
  rule    TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  state   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  id          TEXT NOT NULL PRIMARY KEY,
  rule        TEXT NOT NULL,
  fired_at    INTEGER NOT NULL,
  resolved_at INTEGER,
  content     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alerts_open ON alerts (fired_at) WHERE resolved_at IS NULL;
CREATE INDEX alerts_over ON alerts (fired_at, id) WHERE resolved_at IS NOT NULL;

-- What there is to tell: written with the state that it tells of, in one transaction.
CREATE TABLE alert_turns (
  id      TEXT NOT NULL PRIMARY KEY,
  alert   TEXT NOT NULL,
  at      INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_turns_of ON alert_turns (alert);

-- To whom. state: waiting, sent, dead, dropped. What has the same channel, bunch and due_at is told in one message, whose id
-- is written down before it is sent.
CREATE TABLE alert_deliveries (
  turn    TEXT NOT NULL,
  channel TEXT NOT NULL,
  bunch   TEXT NOT NULL,
  message TEXT,
  state   TEXT NOT NULL,
  due_at  INTEGER NOT NULL,
  tries   INTEGER NOT NULL,
  trouble TEXT,
  at      INTEGER NOT NULL,
  PRIMARY KEY (turn, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_deliveries_due ON alert_deliveries (channel, due_at) WHERE state = 'waiting';
CREATE INDEX alert_deliveries_dead ON alert_deliveries (at) WHERE state = 'dead';

CREATE TABLE alert_silences (
  id      TEXT NOT NULL PRIMARY KEY,
  to_at   INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every change of a rule; before is null where it was made, after where it was deleted.
CREATE TABLE alert_changes (
  id     INTEGER PRIMARY KEY,
  rule   TEXT NOT NULL,
  what   TEXT NOT NULL,
  before TEXT,
  after  TEXT,
  at     INTEGER NOT NULL,
  by     TEXT NOT NULL
) STRICT;
