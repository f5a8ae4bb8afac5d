import type { AlertRule, SavedRule, WallAlert } from '../shared/alert.ts';
import { metricShape } from '../shared/alert.ts';
import { entryOf } from '../shared/entry-of.ts';
import type { Feed, Scope } from '../shared/figure.ts';
import { wordsOf } from '../shared/rule-words.ts';
import type { Instant } from '../shared/time.ts';
import type { PreviewAnswer } from '../shared/wire-alerts.ts';
import { pastOf } from './alert-past.ts';
import { type Alerts, openAlerts } from './alerts/alerts.ts';
import { forgetOldAlerts } from './alerts/forget.ts';
import { createReplays } from './alerts/replay/replays.ts';
import { usualRules } from './alerts/usual-rules.ts';
import type { Clock } from './clock.ts';
import { sourcesOfBoard } from './config/board-sources.ts';
import type { Config } from './config.ts';
import type { Intake } from './intake/intake.ts';
import type { Roster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { createLooks, teamIn } from './metrics/alert-looks.ts';
import { createAlertTracks } from './metrics/alert-tracks.ts';
import { createDayFinder } from './metrics/board-day.ts';
import { readingOf } from './metrics/feed.ts';
import { Problem } from './problem.ts';
import type { Boards } from './push/boards.ts';
import type { Committed, Store } from './store/store.ts';

/** Whom rules can tell, by channel. */
export interface KnownChannel {
  id: string;
  kind: string;
  name: string;
}

/** What the engine needs to know of the configuration. */
export type AlertingConfig = Pick<
  Config,
  'rules' | 'site' | 'boards' | 'sources' | 'watchedScopes' | 'demo' | 'databaseFile'
>;

export interface AlertingNeeds {
  config: AlertingConfig;
  clock: Clock;
  log: Log;
  store: Store;
  roster: Pick<Roster, 'health' | 'knownUntil'>;
  intake: Pick<Intake, 'saving'>;
  boards: () => Pick<Boards, 'darkSince'>;
  channels: readonly KnownChannel[];
  /** What a wall shows has changed. */
  shown: () => void;
  /** Something waits to be told, and is saved. */
  toTell: () => void;
}

/** The alert engine, joined with what it looks at and where it shows. */
export interface Alerting {
  alerts: Alerts;
  /** Takes over a commit; synchronous, in commit order. */
  committed(committed: Committed): void;
  /** The state of a source or board changed, or whether anything can be saved. */
  linksChanged(): void;
  onBoard(board: string, now: Instant): WallAlert[];
  wordsOf(rule: AlertRule): string;
  channels: readonly KnownChannel[];
  preview(rule: AlertRule): Promise<PreviewAnswer>;
  /** Looks, saves and replays until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

/** Opens the engine where it was when it was last saved, and makes the usual rules of new teams. */
export async function openAlerting(needs: AlertingNeeds): Promise<Alerting> {
  const { config, clock, log, store, channels } = needs;
  const { rules, site } = config;
  const tracks = createAlertTracks({ store, rules });
  const links = createLinks(needs);
  const lookOf = createLooks({ tracks, rules, dayOf: createDayFinder(site.zone), ...links });
  const about = (rule: AlertRule): string => aboutOf(config, rule);
  const inWords = (rule: AlertRule): string =>
    wordsOf(rule, {
      about: about(rule),
      channels: rule.channels.map((id) => channels.find((one) => one.id === id)?.name ?? id),
    });
  const alerts = await openAlerts({
    store,
    clock,
    log,
    zone: site.zone,
    lookOf,
    want: (all) => tracks.want(all),
    prepare: (now) => tracks.prepare(now),
    check: (rule) => checkRule(config, channels, rule),
    about,
    wordsOf: inWords,
    bunchOf: ({ scope }) => teamIn(rules, scope) ?? 'site',
    isWithin: (inner, outer) => isWithin(config, inner, outer),
    isThere: (rule) => missingIn(config, rule) === null,
    keepsIncidents: (id) => channels.some((one) => one.id === id && one.kind === 'pagerduty'),
    shown: needs.shown,
    toTell: needs.toTell,
  });
  const replays = createReplays({ clock, file: config.databaseFile, ...pastOf(config, store) });
  await alerts.book.welcome(usualOf(config), clock.now());
  return {
    alerts,
    committed(committed) {
      alerts.before(clock.now());
      tracks.apply(committed);
      replays.committed(committed);
      alerts.changed();
    },
    linksChanged() {
      links.forget();
      alerts.changed(true);
    },
    onBoard(id, now) {
      const board = config.boards.find((one) => one.id === id);
      return board === undefined ? [] : alerts.onWall(now, (rule) => isOnBoard(config, board, rule));
    },
    wordsOf: inWords,
    channels,
    preview: (rule) => {
      checkRule(config, channels, rule);
      return replays.preview(rule);
    },
    async run(stop) {
      await Promise.all([alerts.run(stop), replays.run(stop), forgetOldAlerts({ store, clock, log }, stop)]);
    },
  };
}

/** What is known of sources and screens, read once for each instant: a thousand rules ask alike. */
function createLinks({ config, roster, intake, boards }: AlertingNeeds) {
  const sourcesOf = new Map<Scope, ReadonlySet<string>>();
  let known: {
    now: Instant;
    health: ReturnType<Roster['health']>;
    lost: Map<string, boolean>;
    until: Map<string, Instant>;
  } | null = null;
  const at = (now: Instant) => {
    if (known?.now !== now) known = { now, health: roster.health(now), lost: new Map(), until: new Map() };
    return known;
  };
  return {
    forget(): void {
      known = null;
    },
    isLost(scope: Scope, feed: Feed, now: Instant): boolean {
      const { health, lost } = at(now);
      const key = `${feed} ${scope}`;
      let is = lost.get(key);
      if (is === undefined) {
        const own = sourcesOf.get(scope) ?? sourcesOfBoard({ scope }, config.sources, config.rules);
        sourcesOf.set(scope, own);
        const ofScope = health.filter(({ id }) => own.has(id));
        is = readingOf(now, ofScope, intake.saving().notSavedSince).of(feed).feed === 'lost';
        lost.set(key, is);
      }
      return is;
    },
    readAt: (source: string, now: Instant): Instant =>
      entryOf(at(now).until, source, () => Math.min(now, roster.knownUntil(source, now))),
    silentMs(source: string | null, now: Instant): number | null {
      const lengths = at(now).health.flatMap(({ id, state, heardAt, since }) => {
        // One that never promised a sign of life is silent without being lost: it is watched only by its name.
        if (source === null ? state === 'heard' || (state === 'waiting' && heardAt === null) : id !== source)
          return [];
        return now - Math.min(now, heardAt ?? since);
      });
      return lengths.length === 0 ? null : Math.max(...lengths);
    },
    darkMs(board: string | null, now: Instant): number | null {
      const lengths = config.boards.flatMap(({ id }) => {
        const since = board === null || id === board ? boards().darkSince(id) : undefined;
        return since === undefined ? [] : since === null ? 0 : Math.max(0, now - since);
      });
      return lengths.length === 0 ? null : Math.max(...lengths);
    },
  };
}

function usualOf({ watchedScopes }: AlertingConfig) {
  return watchedScopes.flatMap(({ scope, calls, emails }) => {
    if (!scope.startsWith('team:')) return [];
    const promised = {
      scope,
      calls: calls && { firstRing: calls.firstRingTarget, serviceLevel: calls.serviceLevelTarget },
      emails: emails && { percent: emails.target },
    };
    return [{ team: scope.slice('team:'.length), rules: usualRules(promised) }];
  });
}

function aboutOf({ watchedScopes, boards }: AlertingConfig, rule: AlertRule): string {
  if (rule.metric === 'sourceSilent') return rule.source ?? 'any source';
  if (rule.metric === 'boardDark')
    return rule.board === null
      ? 'any board'
      : (boards.find(({ id }) => id === rule.board)?.name ?? rule.board);
  return watchedScopes.find(({ scope }) => scope === rule.scope)?.name ?? rule.scope;
}

/** A rule names what there is; what it is about may have gone from the configuration since. */
function checkRule(config: AlertingConfig, channels: readonly KnownChannel[], rule: AlertRule): void {
  const missing = missingIn(config, rule);
  if (missing !== null) throw new Problem('invalid', missing);
  for (const id of rule.channels)
    if (!channels.some((one) => one.id === id))
      throw new Problem('invalid', `channels: there is no channel "${id}" in first-ring.yaml.`);
}

/** What a rule is about and the configuration does not have (any more); null when all is there. */
function missingIn({ watchedScopes, sources, boards }: AlertingConfig, rule: AlertRule): string | null {
  if (!watchedScopes.some(({ scope }) => scope === rule.scope))
    return `scope: there is no ${rule.scope}: name a team or queue of first-ring.yaml.`;
  if (rule.source !== null && !sources.some(({ id }) => id === rule.source))
    return `source: there is no source "${rule.source}": see the list at /sources.`;
  if (rule.board !== null && !boards.some(({ id }) => id === rule.board))
    return `board: there is no board "${rule.board}".`;
  return null;
}

function isWithin({ rules }: AlertingConfig, inner: Scope, outer: Scope): boolean {
  if (outer === 'site' || inner === outer) return true;
  return outer.startsWith('team:') && teamIn(rules, inner) === outer.slice('team:'.length);
}

/** A board shows the rules of its scope and of all within it; those of posts wherever posts are; those of a source where it feeds it. */
function isOnBoard(
  config: AlertingConfig,
  board: AlertingConfig['boards'][number],
  rule: SavedRule,
): boolean {
  if (rule.metric === 'sourceSilent' && rule.source !== null)
    return sourcesOfBoard(board, config.sources, config.rules).has(rule.source);
  if (metricShape(rule.metric).feed === 'mentions') return board.mentions;
  return isWithin(config, rule.scope, board.scope);
}
