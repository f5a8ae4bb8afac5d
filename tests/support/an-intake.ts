import { randomBytes } from 'node:crypto';
import type { AsOf } from '../../server/intake/ingest.ts';
import { createIntake, type Intake } from '../../server/intake/intake.ts';
import { createPrivacy, type Privacy } from '../../server/intake/privacy.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { Log } from '../../server/log.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import type { Instant } from '../../shared/time.ts';
import { textNumber } from './histories.ts';
import { someRules, someTeam } from './some-rules.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** London; `help` opens from eight to ten in the evening and promises calls to texts, `money` promises no call back. */
export function londonRules(): Rules {
  const zone = 'Europe/London';
  const day = [['08:00', '22:00']] as const;
  const weekly = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
  const always = createCalendar({ zone, weekly: 'always', holidays: [] });
  return someRules({
    zone,
    teams: new Map([
      [
        'help',
        someTeam({ calendar: createCalendar({ zone, weekly, holidays: [] }), textNumbers: [textNumber] }),
      ],
      ['money', someTeam({ calendar: always, callbackMs: null })],
    ]),
    site: someTeam({ calendar: always }),
  });
}

/** Says nothing, but keeps what was said as an error. */
export function quietLog(): Log & { errors: unknown[] } {
  const errors: unknown[] = [];
  const nothing = (): void => undefined;
  const record = (said: unknown): void => void errors.push(said);
  return { debug: nothing, info: nothing, warn: nothing, error: record, fatal: record, errors };
}

export interface AnIntake extends AsyncDisposable {
  store: Store;
  intake: Intake;
  clock: TestClock;
  rules: Rules;
  privacy: Privacy;
  log: ReturnType<typeof quietLog>;
}

/** A real intake on a real file. */
export async function openIntake(
  file: string,
  needs: { at: Instant; rules?: Rules; key?: Buffer; asOf?: AsOf },
): Promise<AnIntake> {
  const store = await openSqliteStore({ file });
  const clock = createTestClock(needs.at);
  const rules = needs.rules ?? londonRules();
  const privacy = createPrivacy({ key: needs.key ?? randomBytes(32), rules });
  const log = quietLog();
  const { asOf } = needs;
  const intake = createIntake({ store, clock, rules, log, privacy, ...(asOf === undefined ? {} : { asOf }) });
  return { store, intake, clock, rules, privacy, log, [Symbol.asyncDispose]: () => store.close() };
}
