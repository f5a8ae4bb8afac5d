export type Level = 'warning' | 'critical';

/** The shape of a level: a triangle warns, a square is critical. The word stands beside it, or is read to those who cannot see it. */
export function LevelMark({ level, said = false }: { level: Level; said?: boolean }) {
  return (
    <svg
      className={`mk level is-${level}`}
      viewBox="0 0 40 40"
      role="img"
      aria-label={level}
      aria-hidden={said ? undefined : true}
    >
      {level === 'warning' ? (
        <>
          <path d="M20 1L40 38H0Z" fill="currentColor" />
          <path className="bang" d="M17.6 14h4.8v11h-4.8zM17.6 28.5h4.8v5h-4.8z" />
        </>
      ) : (
        <>
          <path d="M2 2H38V38H2Z" fill="currentColor" />
          <path className="bang" d="M17 8h6v15h-6zM17 27h6v6h-6z" />
        </>
      )}
    </svg>
  );
}
