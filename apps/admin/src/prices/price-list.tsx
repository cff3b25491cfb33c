import type { PriceVersion } from '@cloudfreedom/contracts';
import { SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Group, Table, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProviderName } from '../models/provider-name.tsx';
import { When } from './when.tsx';

const SKELETON_ROWS = 8;
type OnOpen = (item: PriceVersion) => void;

export function PriceTable({ items, onOpen }: { items: PriceVersion[] | undefined; onOpen: OnOpen }) {
  const { t } = useTranslation('app');
  return (
    <Table.ScrollContainer minWidth={760} type="native" maxHeight={520}>
      <Table
        className="portal-table"
        verticalSpacing={8}
        horizontalSpacing="sm"
        stickyHeader
        aria-label={t('nav.prices')}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('models.model')}</Table.Th>
            <Table.Th>{t('models.provider')}</Table.Th>
            <Table.Th ta="right">{t('prices.inputUsd')}</Table.Th>
            <Table.Th ta="right">{t('prices.outputUsd')}</Table.Th>
            <Table.Th>{t('prices.effectiveFrom')}</Table.Th>
            <Table.Th>{t('prices.source')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items?.map((item) => (
            <Table.Tr key={item.id} className="portal-row" onClick={() => onOpen(item)}>
              <Table.Td>
                <ModelOfPrice item={item} onOpen={onOpen} />
              </Table.Td>
              <Table.Td>
                <ProviderName provider={item.provider} />
              </Table.Td>
              <Table.Td ta="right">
                <Usd price={item.steps[0]?.usdPerMillion.uncached_input} />
              </Table.Td>
              <Table.Td ta="right">
                <Usd price={item.steps[0]?.usdPerMillion.output_text} />
              </Table.Td>
              <Table.Td>
                <When at={item.effectiveFrom} />
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed" truncate maw={110} title={item.source}>
                  {item.source}
                </Text>
              </Table.Td>
            </Table.Tr>
          )) ?? <SkeletonRows rows={SKELETON_ROWS} columns={6} />}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The same prices where a table is too wide. */
export function PriceCards({ items, onOpen }: { items: PriceVersion[]; onOpen: OnOpen }) {
  const { t } = useTranslation('app');
  return (
    <ul className="portal-cards prices-cards" aria-label={t('nav.prices')}>
      {items.map((item) => {
        const prices = item.steps[0]?.usdPerMillion;
        return (
          <li key={item.id}>
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <ModelOfPrice item={item} onOpen={onOpen} />
              <ProviderName provider={item.provider} />
            </Group>
            <Group justify="space-between" gap="xs" mt={4} c="dimmed" fz="sm">
              <span>
                <Usd price={prices?.uncached_input} /> / <Usd price={prices?.output_text} />
                <span className="cf-visually-hidden"> {t('models.pricesShort')}</span>
              </span>
              <span>
                {t('prices.since')} <When at={item.effectiveFrom} />
              </span>
            </Group>
          </li>
        );
      })}
    </ul>
  );
}

function ModelOfPrice({ item, onOpen }: { item: PriceVersion; onOpen: OnOpen }) {
  return (
    <UnstyledButton
      className="portal-link portal-words"
      onClick={(event) => {
        event.stopPropagation();
        onOpen(item);
      }}
    >
      {item.model}
    </UnstyledButton>
  );
}

function Usd({ price }: { price: string | undefined }) {
  const { usd } = useFormat();
  return <span className="cf-number">{price === undefined ? '–' : usd(price)}</span>;
}
