import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';

/** Opens the store named on the command line, says so, and holds it until killed. */
const store = await openSqliteStore({ file: process.argv[2] ?? '' });
await store.setMeta('held', 'yes');
process.stdout.write('held\n');
setInterval(() => process.stdout.write('held\n'), 60_000);
