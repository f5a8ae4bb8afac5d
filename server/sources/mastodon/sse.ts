import { Problem } from '../../problem.ts';

/** Characters of one event; a status with everything that belongs to it has some ten thousand. */
export const EVENT_CHARS_MAX = 1024 * 1024;

export interface SseEvent {
  name: string;
  data: string;
}

export interface SseReader {
  /** The events that these bytes complete. Throws a Problem when one does not end. */
  read(chunk: Uint8Array): SseEvent[];
}

/**
 * Server-sent events from bytes, cut wherever they were cut (WHATWG HTML, 9.2). Comments, such as Mastodon's `:thump`,
 * are no events: that bytes came is the sign of life.
 */
export function createSseReader(): SseReader {
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  let chars = 0;

  function readLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (data.length > 0) events.push({ name: name === '' ? 'message' : name, data: data.join('\n') });
      name = '';
      data = [];
      chars = 0;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') name = value;
    if (field !== 'data') return;
    data.push(value);
    chars += value.length;
  }

  return {
    read(chunk) {
      const events: SseEvent[] = [];
      // A carriage return at the end waits: the line feed that belongs to it may come with the next bytes.
      const text = rest + decoder.decode(chunk, { stream: true });
      const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
      const lines = whole.split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? '') + text.slice(whole.length);
      for (const line of lines) readLine(line, events);
      if (rest.length + chars > EVENT_CHARS_MAX)
        throw new Problem('too_large', 'Mastodon sends an event that does not end.');
      return events;
    },
  };
}
