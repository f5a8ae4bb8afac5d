interface PagesProps {
  /** Where each page after the first begins, up to the one that is shown. */
  after: readonly string[];
  /** Where the next one would; null on the last. */
  next: string | null;
  show: (after: readonly string[]) => void;
}

export function Pages({ after, next, show }: PagesProps) {
  return (
    <div className="acts">
      {after.length === 0 ? null : (
        <button type="button" onClick={() => show(after.slice(0, -1))}>
          Newer
        </button>
      )}
      {next === null ? null : (
        <button type="button" onClick={() => show([...after, next])}>
          Older
        </button>
      )}
    </div>
  );
}
