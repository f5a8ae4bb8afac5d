import type { AlertRule, RuleStanding, SavedRule, WallAlert } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { KeptAlert, KeptRuleChange, KeptState, Silence } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';
import { createAlertLog } from './alert-log.ts';
import { createAwake } from './awake.ts';
import { isQuiet, isSilenced } from './mute.ts';
import { openRuleBook, type RuleBook } from './rule-book.ts';
import { createSaver } from './saver.ts';
import { allWell, levelOf, type RuleState } from './step.ts';
import { createWatch, LOOK_EVERY_MS, type Look } from './watch.ts';

const CHANGES_AT_ONCE = 500;

/** The alert engine: rules, what they found, and what there is to tell. Everything told is saved first. */
export interface Alerts {
  book: RuleBook;
  /** Those that are open, the worst and oldest first. */
  open(): KeptAlert[];
  /** Looks at what time has made due; called before a commit is taken over, so that it is judged by what was known. */
  before(now: Instant): void;
  /** Something that rules look at has changed: facts, or (`all`) the state of a source or board. */
  changed(all?: boolean): void;
  onWall(now: Instant, isShown: (rule: SavedRule) => boolean): WallAlert[];
  standing(rule: string): RuleStanding;
  /** Resolve when it is saved. Throw a Problem where the alert is over. */
  ack(id: string, said: { by: string; at: Instant; why: string | null }): Promise<void>;
  snooze(id: string, said: { by: string; at: Instant; why: string }, until: Instant): Promise<void>;
  /** Saves everything that was found so far. */
  saved(): Promise<void>;
  /** Those that hold now or later. */
  silences(): Silence[];
  /** Keeps a silence, or one that is there with another end. */
  silence(silence: Silence): Promise<void>;
  /** The next instant at which time alone changes what a wall shows of alerts. */
  nextChangeAt(now: Instant): Instant;
  /** Looks and saves until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

export interface AlertsNeeds {
  store: Store;
  clock: Clock;
  log: Log;
  /** IANA zone of the site. */
  zone: string;
  lookOf: (rule: SavedRule) => Look;
  /** What these rules look at is kept from now on. */
  want: (rules: readonly SavedRule[]) => void;
  /** Reads what is wanted and not there yet. */
  prepare: (now: Instant) => Promise<void>;
  /** Throws a Problem where a rule names what is not there. */
  check: (rule: AlertRule) => void;
  about: (rule: SavedRule) => string;
  wordsOf: (rule: SavedRule) => string;
  bunchOf: (rule: SavedRule) => string;
  isWithin: (inner: Scope, outer: Scope) => boolean;
  /** What a rule is about is in the configuration still; otherwise it rests. */
  isThere: (rule: SavedRule) => boolean;
  /** A channel that opens an incident, which is to be closed there whatever the hour. */
  keepsIncidents: (channel: string) => boolean;
  /** What a wall shows has changed. */
  shown: () => void;
  /** Something waits to be told, and is saved. */
  toTell: () => void;
}

/** Goes on where it was: pending holds keep their stamp, what fired still does until its rule says otherwise. */
export async function openAlerts(needs: AlertsNeeds): Promise<Alerts> {
  const { store, clock, zone } = needs;
  const awake = createAwake(clock);
  const muting = await openSilences(store, clock);
  const book = await openRuleBook({ store, check: needs.check, changed: () => setRules(new Map()) });
  const watchedRules = (): SavedRule[] => book.all().filter((rule) => rule.on && needs.isThere(rule));
  const last = await readLast(store, watchedRules());
  const ledger = createAlertLog({
    ...needs,
    open: last.open,
    isMuted: (rule, at) =>
      isQuiet(rule.quiet, at, zone) || isSilenced(muting.all(), rule, at, needs.isWithin),
  });
  for (const rule of last.over) ledger.end(rule, clock.now());
  const touched = new Set<string>();
  const watch = createWatch({
    lookOf: needs.lookOf,
    seen(seen) {
      ledger.seen(seen);
      if (seen.before !== seen.after) touched.add(seen.rule.id);
      if (levelOf(seen.before) !== levelOf(seen.after)) needs.shown();
    },
  });
  let known = new Map<string, SavedRule>();
  const setRules = (states: ReadonlyMap<string, RuleState>): void => {
    const on = watchedRules();
    const next = new Map(on.map((rule) => [rule.id, rule]));
    for (const [id, { version }] of known) if (next.get(id)?.version !== version) ledger.end(id, clock.now());
    known = next;
    needs.want(on);
    watch.set(on, states);
    needs.shown();
    awake.poke();
  };
  setRules(last.states);
  const saver = createSaver({
    ...needs,
    take: () => ledger.take(),
    takeStates() {
      const states = [...touched].flatMap((rule) => stateOf(rule, known.get(rule), watch.state(rule)));
      touched.clear();
      return states;
    },
    over: () => awake.poke(),
  });
  const saved = async (): Promise<void> => {
    needs.shown();
    await saver.all();
  };
  let all = true;
  /** When something changed that was not looked at since. */
  let changedAt: Instant | null = null;

  return {
    book,
    open: () => ledger.open(),
    before: (now) => watch.catchUp(now, changedAt ?? now),
    changed(every = false) {
      all ||= every;
      changedAt ??= clock.now();
      awake.poke();
    },
    onWall: (now, isShown) => ledger.onWall(now, isShown),
    standing: (rule) => watch.standing(rule),
    ack(id, said) {
      ledger.ack(id, said);
      return saved();
    },
    snooze(id, said, until) {
      ledger.snooze(id, said, until);
      return saved();
    },
    saved: () => saver.all(),
    silences: () => muting.all(),
    async silence(silence) {
      await muting.keep(silence);
      awake.poke();
    },
    nextChangeAt: (now) => ledger.nextAt(now),
    async run(stop) {
      while (!stop.aborted) {
        if (await isPrepared(needs, clock.now())) {
          const asked = { all, changedAt: changedAt ?? clock.now() };
          [all, changedAt] = [false, null];
          watch.look(clock.now(), asked);
          ledger.remind(clock.now());
        }
        const askAt = saver.due();
        const now = clock.now();
        const next = Math.min(watch.nextAt(), ledger.nextAt(now), askAt, now + LOOK_EVERY_MS);
        await awake.sleep(Math.max(1, next - now), stop);
      }
      await saver.all().catch((error: unknown) => {
        needs.log.error({ err: error }, 'what the rules found last could not be saved');
      });
    },
  };
}

function stateOf(rule: string, known: SavedRule | undefined, state: RuleState | null): KeptState[] {
  return known === undefined
    ? []
    : [{ rule, version: known.version, state: JSON.stringify(state ?? allWell) }];
}

/**
 * Where everything stood when it was last saved. `over`: rules with an open alert that were changed since, or whose
 * scope, source or board is gone; whoever was told of it is told that it is over, by the rule as it was then.
 */
async function readLast(store: Store, rules: readonly SavedRule[]) {
  const on = new Map(rules.map((rule) => [rule.id, rule]));
  const open: { alert: KeptAlert; rule: SavedRule }[] = [];
  const over: string[] = [];
  for (const alert of await store.openAlerts()) {
    const rule = on.get(alert.rule);
    const was = rule?.version === alert.ruleVersion ? rule : await ruleOf(store, alert);
    if (was === null)
      await store.saveAlerts({ alerts: [{ ...alert, resolvedAt: alert.levelSince, ended: 'changed' }] });
    else open.push({ alert, rule: was });
    if (was !== rule) over.push(alert.rule);
  }
  const states = new Map<string, RuleState>();
  for (const { rule, version, state } of await store.alertStates())
    if (on.get(rule)?.version === version) states.set(rule, JSON.parse(state) as RuleState);
  return { open, over, states };
}

/** The rule that an alert was found by, as it was then. */
async function ruleOf(store: Store, { rule, ruleVersion }: KeptAlert): Promise<SavedRule | null> {
  for (let before: number | null = null; ; ) {
    const changes: KeptRuleChange[] = await store.ruleChanges({ before, limit: CHANGES_AT_ONCE });
    for (const one of changes)
      for (const was of [one.after, one.before])
        if (one.rule === rule && was?.version === ruleVersion) return was;
    before = changes.at(-1)?.id ?? null;
    if (changes.length < CHANGES_AT_ONCE) return null;
  }
}

async function openSilences(
  store: Store,
  clock: Clock,
): Promise<{ all(): Silence[]; keep(silence: Silence): Promise<void> }> {
  let silences = await store.silences(clock.now());
  return {
    all: () => silences.filter(({ to }) => to > clock.now()),
    async keep(silence) {
      await store.saveAlerts({ silences: [silence] });
      silences = await store.silences(clock.now());
    },
  };
}

async function isPrepared({ prepare, log }: AlertsNeeds, now: Instant): Promise<boolean> {
  try {
    await prepare(now);
    return true;
  } catch (error) {
    log.error({ err: error }, 'what the rules look at could not be read; it is tried again');
    return false;
  }
}
