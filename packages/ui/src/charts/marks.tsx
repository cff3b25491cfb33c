/** Marks by which series are told apart without colour: a hatching each for bars, a dash each for lines. */
import type { ReactNode } from 'react';

/** Side of a tile in pixels. */
const TILE = 6;
const HATCHINGS: readonly ReactNode[] = [
  null,
  <path key="rising" d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" />,
  <circle key="dots" cx="3" cy="3" r="1.4" />,
  <path key="lying" d="M0,3 h6" />,
  <path key="falling" d="M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2" />,
  <path key="grid" d="M0,3 h6 M3,0 v6" />,
  <path key="standing" d="M3,0 v6" />,
];
const DASHES = ['', '6 4', '2 3', '10 3 2 3'];

/** The fill of the series at a place; `id` as it was given to `Hatchings`. */
export function fillAt(id: string, place: number): string {
  return `url(#${id}-${place})`;
}

export function dashAt(place: number): string {
  return DASHES[place % DASHES.length] ?? '';
}

/** Definitions for inside of an `<svg>`. */
export function Hatchings({ id, colours }: { id: string; colours: readonly string[] }) {
  return (
    <defs>
      {colours.map((colour, place) => (
        <pattern
          key={fillAt(id, place)}
          id={`${id}-${place}`}
          width={TILE}
          height={TILE}
          patternUnits="userSpaceOnUse"
          className="cf-hatching"
          style={{ color: colour }}
        >
          <rect width={TILE} height={TILE} />
          {HATCHINGS[place % HATCHINGS.length]}
        </pattern>
      ))}
    </defs>
  );
}

/** The mark of a series beside its name. */
export function SeriesMark(props: { id: string; place: number; colour: string; kind: 'bars' | 'lines' }) {
  const { id, place, colour, kind } = props;
  if (kind === 'lines') {
    return (
      <svg width={22} height={12} aria-hidden focusable="false" className="cf-chart-mark">
        <line x1="0" x2="22" y1="6" y2="6" stroke={colour} strokeWidth={2.5} strokeDasharray={dashAt(place)} />
      </svg>
    );
  }
  return (
    <svg width={12} height={12} aria-hidden focusable="false" className="cf-chart-mark">
      <rect width={12} height={12} rx={3} fill={fillAt(id, place)} />
    </svg>
  );
}
