import { type RefObject, useEffect, useRef, useState } from 'react';
import { type DrillWords, itemsQueryOf, saidIn, subjectOf } from './drill-query.ts';
import { type Items, useItems } from './use-items.ts';

/** A list, what is chosen of it, and what was last said of its causes. */
export interface Drill {
  items: Items;
  nouns: { one: string; of: string };
  chosen: ReadonlySet<string>;
  choose: (keys: readonly string[], isChosen: boolean) => void;
  /** Chooses one more and asks for its cause. */
  addCause: (key: string) => void;
  kept: (keys: ReadonlySet<string>, cause: string | null) => void;
  /** What was done last, and when. */
  done: { at: number; text: string } | null;
  head: RefObject<HTMLHeadingElement | null>;
  field: RefObject<HTMLInputElement | null>;
}

const NONE: ReadonlySet<string> = new Set();

/** Another subject is another list, of which nothing is chosen yet; `tellSaid` hears of every cause. */
export function useDrill(query: DrillWords, tellSaid: () => void): Drill {
  const subject = subjectOf(query);
  const items = useItems(itemsQueryOf(query), subject);
  const head = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [picked, setPicked] = useState<{ subject: string; keys: ReadonlySet<string> }>({
    subject,
    keys: NONE,
  });
  const [done, setDone] = useState<Drill['done']>(null);
  const chosen = picked.subject === subject ? picked.keys : NONE;
  const nouns =
    saidIn(query).kind === 'emails' ? { one: 'email', of: 'emails' } : { one: 'call', of: 'calls' };
  useEffect(() => {
    // Whoever opened it is to hear and see it.
    if (subject !== '') head.current?.focus();
  }, [subject]);
  const choose = (keys: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const key of keys) {
      if (isChosen) next.add(key);
      else next.delete(key);
    }
    setDone(null);
    setPicked({ subject, keys: next });
  };
  const addCause = (key: string) => {
    choose([key], true);
    // The form comes with the choice.
    window.setTimeout(() => field.current?.focus());
  };
  const kept = (keys: ReadonlySet<string>, cause: string | null) => {
    items.putCause(keys, cause);
    setPicked({ subject, keys: NONE });
    const what = `${keys.size.toLocaleString('en')} ${keys.size === 1 ? nouns.one : nouns.of}`;
    const text = cause === null ? `Taken away from ${what}.` : `Kept for ${what}: ${cause}`;
    setDone({ at: Date.now(), text });
    head.current?.focus();
    tellSaid();
  };
  return { items, nouns, chosen, choose, addCause, kept, done, head, field };
}
