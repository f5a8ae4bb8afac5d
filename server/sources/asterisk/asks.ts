import type { CallFact } from '../../fact.ts';
import { type AmiMessage, first, writeAction } from './ami-wire.ts';

/** What an answer means. */
export type Then = (answer: AmiMessage) => CallFact[];

/** Actions on their way, and who waits for their answers. */
export interface Asks {
  /** Sends an action; returns its ActionID. */
  ask(action: string, fields: Readonly<Record<string, string>>, then: Then): string;
  /** Takes an answer; nothing where nobody asked. */
  answered(message: AmiMessage): CallFact[];
}

export function createAsks(send: (text: string) => void): Asks {
  const awaited = new Map<string, Then>();
  let count = 0;
  return {
    ask(action, fields, then) {
      count += 1;
      const id = `first-ring-${count}`;
      awaited.set(id, then);
      send(writeAction({ Action: action, ActionID: id, ...fields }));
      return id;
    },
    answered(message) {
      const id = first(message, 'ActionID');
      const then = awaited.get(id);
      awaited.delete(id);
      return then === undefined ? [] : then(message);
    },
  };
}

export function isSuccess(answer: AmiMessage): boolean {
  return first(answer, 'Response') === 'Success';
}
