/** UIDs of a set as servers write it (`4,1:3`), ascending and each once. Throws RangeError for a set that is no list. */
export function uidsIn(set: string): number[] {
  const uids = new Set<number>();
  for (const part of set === '' ? [] : set.split(',')) {
    const [, one, other = one] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part) ?? [];
    const [from, to] = [Math.min(Number(one), Number(other)), Math.max(Number(one), Number(other))];
    if (!(from > 0) || uids.size + to - from >= UIDS_MAX)
      throw new RangeError('The mail server answered a search with what is no list of mails.');
    for (let uid = from; uid <= to; uid += 1) uids.add(uid);
  }
  return [...uids].sort((a, b) => a - b);
}

/** More mails than a folder that anybody answers holds. */
const UIDS_MAX = 1_000_000;

/** `1,2,3,7` → `1:3,7`, so that a command stays short. */
export function packed(uids: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const uid of uids) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === uid) run[1] = uid;
    else runs.push([uid, uid]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
}
