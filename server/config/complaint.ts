/** One thing wrong with the configuration, in words for the person who mends it. It never holds a value, so no secret. */
export interface Complaint {
  /** `first-ring.yaml:12:5`, or the name of an environment variable. */
  place: string;
  /** Order in the file; 0 for the environment. */
  line: number;
  column: number;
  /** `teams[0].targets.first_ring`; empty for the whole. */
  field: string;
  /** What is wrong and how to mend it. */
  text: string;
}

/** Every complaint on a line of its own, in the order of the file. */
export function told(complaints: readonly Complaint[]): string {
  const sorted = [...complaints].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.map(({ place, field, text }) => `${place}${field === '' ? '' : ` ${field}`}: ${text}`);
  return [...new Set(lines)].join('\n');
}

/** The path of a setting as people write it. */
export function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`;
    return field === '' ? String(step) : `${field}.${String(step)}`;
  }, '');
}

/** The known word nearest to one that is not known; null when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | null {
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let distance = allowed + 1;
  for (const candidate of known) {
    const candidateDistance = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (candidateDistance < distance) {
      best = candidate;
      distance = candidateDistance;
    }
  }
  return best;
}

/** Letters to add, drop, change or swap (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
