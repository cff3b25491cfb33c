import type { LoggedUsage } from '@cloudfreedom/contracts';
import { Moment, Money, ProviderBadge, providerOf, SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Group, Table, Text, UnstyledButton } from '@mantine/core';
import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, Density } from './columns.ts';
import { NamedModel, OutcomeCell, TokensCell } from './usage-cells.tsx';
import { useVirtualRows } from './virtual-rows.ts';

const SKELETON_ROWS = 12;
const ROW_PX: Record<Density, number> = { comfortable: 45, compact: 33 };
const CARD_PX = 118;
const RIGHT: readonly Column[] = ['tokens', 'charge', 'duration', 'firstByte', 'waited'];

export interface UsageNames {
  person: (row: LoggedUsage) => string;
  model: (row: LoggedUsage) => string;
  key: (row: LoggedUsage) => string;
  product: (row: LoggedUsage) => string;
}

export interface UsageListProps {
  rows: LoggedUsage[] | undefined;
  /** How many there are in all; undefined: not known yet. */
  total: number | undefined;
  names: UsageNames;
  columns: Column[];
  titles: Record<Column, string>;
  density: Density;
  hasMore: boolean;
  onMore: () => void;
  onOpen: (reservationId: string) => void;
}

export function UsageTable(props: UsageListProps) {
  const { t } = useTranslation('app');
  const { rows, columns, titles, density, names } = props;
  const { hasMore, onMore, onOpen } = props;
  const shown = useVirtualRows({ count: rows?.length ?? 0, rowHeight: ROW_PX[density], hasMore, onMore });
  const cells = useCells(names, onOpen);
  return (
    <div className="usage-scroll" data-density={density} ref={shown.scroller}>
      <Table
        className="portal-table"
        verticalSpacing={density === 'compact' ? 4 : 'sm'}
        horizontalSpacing="sm"
        aria-label={t('usage.table')}
        aria-rowcount={props.total === undefined ? -1 : props.total + 1}
        stickyHeader
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {columns.map((column) => (
              <Table.Th key={column} ta={RIGHT.includes(column) ? 'right' : 'left'}>
                {titles[column]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {!rows && <SkeletonRows rows={SKELETON_ROWS} columns={columns.length} />}
          <Spacer height={shown.before} columns={columns.length} />
          {shown.items.map(({ index }) => {
            const row = rows?.[index];
            if (!row) return null;
            return (
              <DrawnRow
                key={row.reservationId}
                row={row}
                index={index}
                columns={columns}
                cells={cells}
                onOpen={onOpen}
              />
            );
          })}
          <Spacer height={shown.after} columns={columns.length} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface DrawnRowProps {
  row: LoggedUsage;
  index: number;
  columns: Column[];
  cells: Cells;
  onOpen: (reservationId: string) => void;
}

/** Drawn again when something of it changed, not when somebody scrolls or a sum arrives. */
const DrawnRow = memo(function DrawnRow({ row, index, columns, cells, onOpen }: DrawnRowProps) {
  return (
    <Table.Tr aria-rowindex={index + 2} className="portal-row" onClick={() => onOpen(row.reservationId)}>
      {columns.map((column) => (
        <Table.Td key={column} ta={RIGHT.includes(column) ? 'right' : 'left'}>
          {cells[column](row)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
});

/** Stands for the rows that are not drawn. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

type Cells = Record<Column, (row: LoggedUsage) => ReactNode>;

/** How each column is drawn; the same object as long as nothing of it has changed. */
function useCells(names: UsageNames, onOpen: (reservationId: string) => void): Cells {
  const { t } = useTranslation('app');
  const format = useFormat();
  return useMemo(() => cellsOf({ t, format, names, onOpen }), [t, format, names, onOpen]);
}

interface CellsOf {
  t: ReturnType<typeof useTranslation<'app'>>['t'];
  format: ReturnType<typeof useFormat>;
  names: UsageNames;
  onOpen: (reservationId: string) => void;
}

function cellsOf({ t, format, names, onOpen }: CellsOf): Cells {
  const duration = (ms: number | null) => <span className="cf-number">{ms === null ? '–' : format.duration(ms)}</span>;
  return {
    at: (row) => <Moment at={row.at} />,
    person: (row) => (
      <UnstyledButton
        className="portal-link usage-open"
        aria-label={t('usage.open', { person: names.person(row), time: format.dateTime(row.at) })}
        onClick={(event) => {
          event.stopPropagation();
          onOpen(row.reservationId);
        }}
      >
        {names.person(row)}
      </UnstyledButton>
    ),
    model: (row) => <NamedModel row={row} name={names.model(row)} />,
    tokens: (row) => <TokensCell row={row} />,
    charge: (row) => (
      <Text span inherit fw={550}>
        <Money amount={row.charge} />
      </Text>
    ),
    duration: (row) => duration(row.totalMs),
    outcome: (row) => <OutcomeCell outcome={row.outcome} />,
    key: (row) => names.key(row),
    product: (row) => names.product(row),
    costCentre: (row) => row.costCentre || '–',
    provider: (row) => {
      const provider = providerOf(row.provider);
      return provider ? <ProviderBadge provider={provider} /> : t('usage.custom');
    },
    deployment: (row) => row.deployment ?? '–',
    region: (row) => row.region ?? '–',
    firstByte: (row) => duration(row.firstByteMs),
    waited: (row) => duration(row.waitedMs),
    requestId: (row) => <code className="usage-id">{row.requestId}</code>,
  };
}

/** The same rows where a table is too wide. */
export function UsageCards(props: UsageListProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { rows = [], names, hasMore, onMore, onOpen } = props;
  const shown = useVirtualRows({ count: rows.length, rowHeight: CARD_PX, hasMore, onMore });
  return (
    <div className="usage-scroll" ref={shown.scroller}>
      <ul
        className="portal-cards"
        aria-label={t('usage.table')}
        style={{ paddingBlock: `${shown.before}px ${shown.after}px` }}
      >
        {shown.items.map(({ index }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li key={row.reservationId} data-index={index} ref={shown.measure}>
              <Group justify="space-between" wrap="nowrap">
                <UnstyledButton
                  className="portal-link"
                  aria-label={t('usage.open', { person: names.person(row), time: format.dateTime(row.at) })}
                  onClick={() => onOpen(row.reservationId)}
                >
                  {names.person(row)}
                </UnstyledButton>
                <Text fw={550}>
                  <Money amount={row.charge} />
                </Text>
              </Group>
              <Text size="sm" component="div">
                <NamedModel row={row} name={names.model(row)} />
              </Text>
              <Text size="sm" c="dimmed" component="div">
                <TokensCell row={row} /> · {format.duration(row.totalMs)} · <Moment at={row.at} />
              </Text>
              {row.outcome !== 'completed' && <OutcomeCell outcome={row.outcome} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
