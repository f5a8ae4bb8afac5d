import { describe, expect, it } from 'vitest';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { REMEMBERED_MAX, readCursor, writeCursor } from '../../../server/sources/asterisk/cursor.ts';
import { config } from './follow-recording.ts';
import { arrives, messageOf, nine, picksUp, rings, tries } from './made-call.ts';

function openCalls(count: number) {
  const calls = createCalls(config);
  for (let i = 0; i < count; i += 1) {
    calls.read(messageOf(arrives(i, { Uniqueid: `1795326683.${i}`, Linkedid: `1795326683.${i}` })), 0);
  }
  return calls;
}

describe('the cursor', () => {
  it('remembers which calls are open, and which of them were answered', () => {
    const calls = openCalls(1);
    for (const line of [arrives(2), ...tries(3, 'leg', 'PJSIP/101'), rings(3, 'leg'), ...picksUp(4, 'leg')]) {
      calls.read(messageOf(line), 0);
    }
    const read = readCursor(writeCursor(nine, calls.book.calls.values()));
    expect(read?.heardAt).toBe(nine);
    expect(read?.calls.map(({ id, answered, doubt }) => [id, answered, doubt])).toEqual([
      ['1795326683.0', false, true],
      ['caller', true, true],
    ]);
  });

  it('stays small: of very many open calls it remembers the youngest', () => {
    const read = readCursor(writeCursor(nine, openCalls(REMEMBERED_MAX + 5).book.calls.values()));
    expect(read?.calls).toHaveLength(REMEMBERED_MAX);
    expect(read?.calls.at(-1)?.id).toBe(`1795326683.${REMEMBERED_MAX + 4}`);
  });

  it.each([[null], [''], ['{"v":2}'], ['{"v":1,"heardAt":"x","open":[]}'], ['[]']])(
    'starts as if new from %s',
    (text) => {
      expect(readCursor(text)).toBeNull();
    },
  );
});
