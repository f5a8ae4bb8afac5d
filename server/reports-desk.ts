import type { Scope } from '../shared/figure.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { HttpNeeds } from './http/app.ts';
import type { Log } from './log.ts';
import type { Trends } from './metrics/trends.ts';
import { Problem } from './problem.ts';
import type { Weekly } from './report/weekly.ts';
import { isAddress } from './smtp/smtp-config.ts';
import type { Store } from './store/store.ts';

export interface ReportsDeskNeeds {
  config: Pick<Config, 'site' | 'demo'>;
  clock: Clock;
  log: Log;
  store: Store;
  trends: Pick<Trends, 'scopes'>;
  /** Null: no mail server is configured. */
  weekly: Weekly | null;
}

/** What the page asks and tells of the weekly summary's subscribers. Every command is logged with who gave it, no address is. */
export function openReportsDesk(needs: ReportsDeskNeeds): Pick<HttpNeeds, 'reports'> {
  const { config, clock, log, store, trends, weekly } = needs;
  return {
    reports: {
      async subscribers() {
        const names = new Map(trends.scopes().scopes.map(({ scope, name }) => [String(scope), name]));
        const nextDueAt = weekly?.nextAt() ?? null;
        const kept = await store.subscribers();
        return {
          now: clock.now(),
          zone: config.site.zone,
          demo: config.demo,
          sends: weekly !== null,
          nextAt: nextDueAt,
          subscribers: kept.map(({ id, address, scope, by, at, state, sentAt, nextAt, trouble }) => ({
            id,
            address,
            scope,
            name: names.get(scope) ?? null,
            by,
            at,
            state,
            sentAt,
            nextAt: state === 'due' ? nextAt : nextDueAt,
            trouble,
          })),
        };
      },
      async subscribe({ address, scope, by }) {
        if (!isAddress(address))
          throw new Problem('invalid', 'address: must be a mail address, e.g. ann@harbor.example.');
        const { id } = await withMail(weekly).subscribe({ address, scope: scope as Scope, by });
        log.info({ subscriber: id, scope, by }, 'subscriber of the weekly summary added');
      },
      async remove({ id, by }) {
        if (!(await store.removeSubscriber({ id })))
          throw new Problem('not_found', 'This subscriber is not there any more.');
        log.info({ subscriber: id, by }, 'subscriber of the weekly summary removed');
      },
      async sendNow({ id, by }) {
        log.info({ subscriber: id, by }, 'weekly summary asked for');
        await withMail(weekly).sendNow(id);
      },
      async unsubscribe(token) {
        const was = await store.removeSubscriber({ token });
        if (was) log.info('a subscriber of the weekly summary left by the link in a mail');
        return was;
      },
    },
  };
}

function withMail(weekly: Weekly | null): Weekly {
  if (weekly !== null) return weekly;
  throw new Problem(
    'unsupported',
    'No mail server is configured: name one under mail in first-ring.yaml, and start again.',
  );
}
