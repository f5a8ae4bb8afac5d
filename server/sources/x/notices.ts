/** What may have to be known while the link stands. */
export type Topic = 'cap' | 'rules' | 'strangers' | 'search' | 'gap' | 'recheck';

/** Keeps what a person should know, a sentence or two a topic, and says all of it together. */
export interface Notices {
  set(topic: Topic, words: string | null): void;
  /** Says it again, where a broken link's words stood in its place meanwhile. */
  again(): void;
}

export function createNotices(say: (words: string | null) => void): Notices {
  const topics = new Map<Topic, string>();
  const again = (): void => say(topics.size === 0 ? null : [...topics.values()].join(' '));
  return {
    set(topic, words) {
      if ((topics.get(topic) ?? null) === words) return;
      if (words === null) topics.delete(topic);
      else topics.set(topic, words);
      again();
    },
    again,
  };
}
