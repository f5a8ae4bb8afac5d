/** The mark of the product and the state of the connection: whole is live, broken is lost. Used for nothing else. */
export function Ring({ whole }: { whole: boolean }) {
  return (
    <svg className="mk" viewBox="0 0 40 40" aria-hidden="true">
      {whole ? (
        <circle cx="20" cy="20" r="14" fill="none" stroke="currentColor" strokeWidth="7" />
      ) : (
        <path
          d="M29 9.3A14 14 0 1 0 33.6 17"
          transform="rotate(28 20 20)"
          fill="none"
          stroke="currentColor"
          strokeWidth="7"
          strokeDasharray="17 12"
        />
      )}
    </svg>
  );
}
