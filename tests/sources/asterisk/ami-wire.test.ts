import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AmiMessage,
  BLOCK_MAX_BYTES,
  createAmiReader,
  first,
  LINE_MAX_BYTES,
  writeAction,
} from '../../../server/sources/asterisk/ami-wire.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { recording } from '../../support/recording.ts';
import { config } from './follow-recording.ts';

const greeting = 'Asterisk Call Manager/11.0.0\r\n';

function readAll(text: string, cuts: readonly number[] = []): { messages: AmiMessage[]; refused: string[] } {
  const bytes = Buffer.from(text, 'utf8');
  const reader = createAmiReader();
  const reads = pieces(bytes, cuts).map((piece) => reader.read(piece));
  return {
    messages: reads.flatMap(({ messages }) => messages),
    refused: reads.flatMap(({ refused }) => refused),
  };
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

describe('the wire', () => {
  it('takes the greeting for what it is, and not for a field', () => {
    const reader = createAmiReader();
    const { messages } = reader.read(
      Buffer.from(`${greeting}Response: Success\r\nMessage: Authentication accepted\r\n\r\n`),
    );
    expect(reader.greeting()).toBe('Asterisk Call Manager/11.0.0');
    expect(messages.map((message) => [...message.keys()])).toEqual([['Response', 'Message']]);
  });

  it('keeps every value of a key that repeats, empty ones too', () => {
    const { messages } = readAll(
      `${greeting}Event: Status\r\nVariable: a=1\r\nVariable: b=2: x\r\nAccountCode: \r\nExten:\r\n\r\n`,
    );
    expect(messages[0]?.get('Variable')).toEqual(['a=1', 'b=2: x']);
    expect([messages[0]?.get('AccountCode'), messages[0]?.get('Exten')]).toEqual([[''], ['']]);
  });

  it('reads Asterisk’s <unknown> and an absent key as empty', () => {
    const message: AmiMessage = new Map([['CallerIDNum', ['<unknown>']]]);
    expect([first(message, 'CallerIDNum'), first(message, 'Exten')]).toEqual(['', '']);
  });

  it('reads the output of a command in both of its forms', () => {
    const old = `Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\nName: value\n\nlast line\n--END COMMAND--\r\n\r\n`;
    const now = `Response: Success\r\nActionID: 8\r\nOutput: Name: value\r\nOutput: \r\nOutput: last line\r\n\r\n`;
    const { messages } = readAll(`${greeting}${old}${now}Event: Next\r\n\r\n`);
    expect(messages.map((message) => message.get('Output') ?? null)).toEqual([
      ['Name: value', '', 'last line'],
      ['Name: value', '', 'last line'],
      null,
    ]);
    expect(first(messages[2]!, 'Event')).toBe('Next');
  });

  it('skips a message with a line that is too long, and is in step with the next', () => {
    const long = `Event: Long\r\nAppData: ${'x'.repeat(LINE_MAX_BYTES + 1)}\r\nExten: 1\r\n\r\n`;
    const { messages, refused } = readAll(`${greeting}${long}Event: Next\r\n\r\n`, [100, 30_000, 66_000]);
    expect(messages.map((message) => first(message, 'Event'))).toEqual(['Next']);
    expect(refused).toEqual(['a line was too long']);
  });

  it('skips a message that has too many lines, and is in step with the next', () => {
    const line = `Variable: ${'y'.repeat(1_000)}\r\n`;
    const long = `Event: Long\r\n${line.repeat(Math.ceil(BLOCK_MAX_BYTES / 1_000))}\r\n`;
    const { messages, refused } = readAll(`${greeting}${long}Event: Next\r\n\r\n`);
    expect(messages.map((message) => first(message, 'Event'))).toEqual(['Next']);
    expect(refused).toEqual(['a message was too long']);
  });

  it('gives the same messages however the bytes are cut, inside a character too', () => {
    const text = `${greeting}Event: Newchannel\r\nCallerIDName: Zoë Müller 東京 🙂\r\nUniqueid: 1.1\r\n\r\nEvent: Hangup\r\nUniqueid: 1.1\r\n\r\n`;
    const whole = readAll(text);
    expect(first(whole.messages[0]!, 'CallerIDName')).toBe('Zoë Müller 東京 🙂');
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 40 }), (cuts) => {
        expect(readAll(text, cuts)).toEqual(whole);
      }),
    );
  });

  it('leads to the same facts however a recording is cut', () => {
    const { connections } = recording('t-queue-local-members');
    const bytes = Buffer.concat((connections[0] ?? []).map((chunk) => chunk.bytes));
    const factsOf = (cuts: readonly number[]) => {
      const reader = createAmiReader();
      const calls = createCalls(config);
      return pieces(bytes, cuts).flatMap((piece) =>
        reader.read(piece).messages.flatMap((message) => calls.read(message, 0)),
      );
    };
    const whole = factsOf([]);
    expect(whole.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 200 }), (cuts) => {
        expect(factsOf(cuts)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('does not let a value begin a line of its own in what it sends', () => {
    expect(writeAction({ Action: 'Ping', ActionID: '1' })).toBe('Action: Ping\r\nActionID: 1\r\n\r\n');
    expect(() => writeAction({ Action: 'Login', Secret: 'a\r\nAction: Originate' })).toThrow(
      /line break in Secret/,
    );
  });
});
