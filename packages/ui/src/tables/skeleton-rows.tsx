import { Skeleton } from '@mantine/core';
import { Cell, Row } from './plain-cells.tsx';

/** What `Skeleton` draws, at the height of a line. */
const LINE = `mantine-Skeleton-root cf-skeleton-line ${Skeleton.classes.root}`;
const widthOf = (row: number, column: number) => `${45 + ((row * 17 + column * 29) % 45)}%`;

/** A line of text while it loads. @param props.width in pixels, or as CSS has it */
export function SkeletonLine({ width }: { width: number | string }) {
  return <div className={LINE} data-visible data-animate style={{ width }} />;
}

/** Rows in the shape of a table's content while it loads. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else to be told apart by
    <Row key={row} aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same
        <Cell key={column}>
          <SkeletonLine width={widthOf(row, column)} />
        </Cell>
      ))}
    </Row>
  ));
}
