import { Skeleton, Table } from '@mantine/core';

/** Rows in the shape of a table's content while it loads. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else to be told apart by
    <Table.Tr key={row} aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same
        <Table.Td key={column}>
          <Skeleton height={14} width={`${45 + ((row * 17 + column * 29) % 45)}%`} my={3} />
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}
