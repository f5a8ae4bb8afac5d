import type { EmailFact } from '../fact.ts';

/**
 * Sorts mail facts into threads: messages belong together when one names the other, or both name a third, in
 * References or In-Reply-To; a mark belongs to the message it is about. Subjects are never compared: that fuses
 * strangers who write "Invoice". Any order of the same facts gives the same threads.
 */
export function threadsOf(facts: Iterable<EmailFact>): EmailFact[][] {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    for (let step = id; step !== root; ) {
      const up = parents.get(step) ?? root;
      parents.set(step, root);
      step = up;
    }
    return root;
  };
  const all = [...facts];
  for (const fact of all) {
    const [first, ...others] = namesOf(fact);
    for (const other of others) parents.set(rootOf(other), rootOf(first));
  }
  const threads = new Map<string, EmailFact[]>();
  for (const fact of all) {
    const root = rootOf(namesOf(fact)[0]);
    const thread = threads.get(root);
    if (thread === undefined) threads.set(root, [fact]);
    else thread.push(fact);
  }
  return [...threads.values()];
}

/** Every Message-ID that a fact ties into one thread, its own first. */
export function namesOf(fact: EmailFact): [string, ...string[]] {
  return 'ref' in fact ? [fact.ref] : [fact.id, ...(fact.refs ?? [])];
}
