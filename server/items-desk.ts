import type { Instant } from '../shared/time.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createDrill } from './drill/drill.ts';
import type { HttpNeeds } from './http/app.ts';
import type { Intake } from './intake/intake.ts';
import type { Roster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { asRead } from './metrics/trends-known.ts';
import { dueAt } from './metrics/trends-scope.ts';
import type { Store } from './store/store.ts';

export interface ItemsDeskNeeds {
  config: Pick<Config, 'rules' | 'trendScopes' | 'demo'>;
  clock: Clock;
  log: Log;
  store: Store;
  intake: Pick<Intake, 'saving'>;
  roster: Pick<Roster, 'health'>;
}

/** What the trends page asks of calls and emails, and says of where they came from. Every command is logged with who gave it. */
export function openItemsDesk({
  config,
  clock,
  log,
  store,
  intake,
  roster,
}: ItemsDeskNeeds): Pick<HttpNeeds, 'drill'> {
  const names = new Map(config.trendScopes.map(({ scope, name }) => [scope, name]));
  const readAt = (now: Instant) => asRead(now, roster.health(now), intake.saving().notSavedSince);
  const drill = createDrill({
    store,
    rules: config.rules,
    demo: config.demo,
    now: () => clock.now(),
    known: (now) => readAt(now).known,
    isSettled(scope, arrivedAt, now) {
      const clocks = config.trendScopes.find((one) => one.scope === scope)?.mail ?? [];
      return clocks.every(({ due }) => dueAt(due, arrivedAt) <= readAt(now).trueTo('emailsWithinHour'));
    },
    nameOf: (scope) => names.get(scope) ?? scope.replace(/^queue:/, ''),
  });
  return {
    drill: {
      ...drill,
      async sayCause(command) {
        await drill.sayCause(command);
        // Not the cause itself: it is free text, and may name a caller.
        const said = command.cause === null ? 'cause taken away' : 'cause said';
        log.info({ items: command.keys.length, by: command.by }, said);
      },
    },
  };
}
