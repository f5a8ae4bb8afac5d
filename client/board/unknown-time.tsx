/** The time between what was last known and now, hatched. */
export function UnknownTime({
  x = 0,
  y = 0,
  width = 0,
  height = 0,
}: {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}) {
  return (
    <g className="gap">
      <defs>
        <pattern id="unknown-time" width="14" height="14" patternUnits="userSpaceOnUse">
          <path d="M-3.5 3.5L3.5-3.5M0 14L14 0M10.5 17.5L17.5 10.5" strokeWidth="2" />
        </pattern>
      </defs>
      <rect x={x} y={y} width={Math.max(8, width)} height={height} fill="url(#unknown-time)" />
    </g>
  );
}
