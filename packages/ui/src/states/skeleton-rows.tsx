import { Skeleton, Table } from '@mantine/core';

// Fifty of them are drawn while a page opens: as Mantine draws them, without what its parts do for each one.
const { tr: ROW, td: CELL } = Table.classes;
const LINE = `mantine-Skeleton-root ${Skeleton.classes.root}`;

/** Rows in the shape of a table's content while it loads; only inside of a `Table`. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else to be told apart by
    <tr key={row} className={ROW} data-with-row-border aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same
        <td key={column} className={CELL}>
          <div
            className={LINE}
            data-visible
            data-animate
            style={{ height: 14, width: `${45 + ((row * 17 + column * 29) % 45)}%`, marginBlock: 3 }}
          />
        </td>
      ))}
    </tr>
  ));
}
