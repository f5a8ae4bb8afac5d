import { systemClock } from '../../server/clock.ts';
import { createIntake } from '../../server/intake/intake.ts';
import { createPrivacy } from '../../server/intake/privacy.ts';
import { createLog } from '../../server/log.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { callNumbered, KILL_SOURCE, killRules } from './numbered-calls.ts';

/**
 * Ingests call after call from the one after the last acknowledged, a few at once, and writes each acknowledgement down
 * before it goes on; until it is killed.
 */
const [file = '', first = '0'] = process.argv.slice(2);
const rules = killRules();
const store = await openSqliteStore({ file });
const intake = createIntake({
  store,
  clock: systemClock,
  rules,
  log: createLog('silent'),
  privacy: createPrivacy({ key: Buffer.alloc(32, 9), rules }),
});

let next = Number(first);
async function work(): Promise<never> {
  for (;;) {
    const call = next;
    next += 1;
    const facts = callNumbered(call);
    await intake.save(KILL_SOURCE, facts.slice(0, 2), String(call));
    await intake.save(KILL_SOURCE, facts.slice(2));
    process.stdout.write(`${call}\n`);
  }
}
process.stdout.write('ready\n');
await Promise.all([work(), work(), work()]);
