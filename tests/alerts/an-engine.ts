import { join } from 'node:path';
import { type Alerting, openAlerting } from '../../server/alerting.ts';
import type { Fact } from '../../server/fact.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { Store } from '../../server/store/store.ts';
import type { AlertRule, SavedRule } from '../../shared/alert.ts';
import type { Scope, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { aBoard } from '../metrics/a-site.ts';
import { openIntake } from '../support/an-intake.ts';
import { someRules } from '../support/some-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { TestClock } from '../support/test-clock.ts';

/** The engine over a real intake and a real file, without HTTP; every fact is told at its own instant. */
export interface AnEngine extends AsyncDisposable {
  clock: TestClock;
  store: Store;
  alerting: Alerting;
  /** How the sources are; changed by a test. */
  health: SourceHealth[];
  make(rule: AlertRule): Promise<SavedRule>;
  /** Resolves when everything that the rules look at is read. */
  looking(): Promise<void>;
  /** Moves on to the instant of each fact and tells it then. */
  live(facts: readonly Fact[]): Promise<void>;
  /** Stops the engine as it stands, saved, and opens it again on the same file; `gone`: is configured no more. */
  restart(gone?: Scope): Promise<void>;
}

export async function anEngine(
  at: Instant,
  given: { rules?: Rules; channels?: string[] } = {},
): Promise<AnEngine> {
  const folder = temporaryFolder();
  const file = join(folder.path, 'first-ring.sqlite');
  const { rules = someRules(), channels = [] } = given;
  const opened = await openIntake(file, { at, rules });
  const { store, intake, clock } = opened;
  const health: SourceHealth[] = [];
  const scopes = [
    'site',
    'team:help',
    'team:money',
    'queue:support',
    'queue:billing',
    'queue:inbox',
  ] as const;
  const boards = scopes.map((scope) => aBoard(scope, { scope, calendar: rules.site.calendar }));
  const open = async (gone?: Scope): Promise<{ alerting: Alerting; stop: () => Promise<void> }> => {
    const alerting = await openAlerting({
      config: {
        rules,
        demo: false,
        databaseFile: file,
        site: { name: 'Acme', place: null, zone: rules.zone },
        boards,
        sources: [{ kind: 'demo', id: 'pbx', zone: 'UTC' }],
        watchedScopes: boards.filter(({ scope }) => scope !== gone),
      },
      clock,
      log: opened.log,
      store,
      roster: { health: () => health, knownUntil: () => Number.POSITIVE_INFINITY },
      intake,
      boards: () => ({ darkSince: () => undefined }),
      channels: channels.map((id) => ({ id, kind: id === 'pager' ? 'pagerduty' : 'test', name: id })),
      shown: () => undefined,
      toTell: () => undefined,
    });
    const stopping = new AbortController();
    const running = alerting.run(stopping.signal);
    await clock.advance(0);
    return {
      alerting,
      async stop() {
        stopping.abort();
        await running;
      },
    };
  };
  let running = await open();
  intake.onCommit((committed) => running.alerting.committed(committed));
  return {
    clock,
    store,
    health,
    get alerting() {
      return running.alerting;
    },
    make: (rule) => running.alerting.alerts.book.make(rule, { by: 'Ann', at: clock.now() }),
    async looking() {
      const { alerts } = running.alerting;
      const isRead = ({ id, on }: SavedRule): boolean => !on || alerts.standing(id).value !== null;
      while (!alerts.book.all().every(isRead)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    async live(facts) {
      const instants = [...new Set(facts.map((fact) => fact.at))].sort((a, b) => a - b);
      for (const instant of instants) {
        await clock.moveTo(instant);
        await intake.save(
          'pbx',
          facts.filter((fact) => fact.at === instant),
        );
        await clock.advance(0);
      }
    },
    async restart(gone) {
      await running.stop();
      running = await open(gone);
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      expectQuiet(opened.log.errors);
      await opened[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

function expectQuiet(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new Error(`Logged as an error: ${JSON.stringify(errors[0])}`);
}
