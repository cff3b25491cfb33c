import type { PriceVersion } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState, SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Stack, Table, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconFileImport, IconReceipt, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ProviderName } from '../models/provider-name.tsx';
import { FormDialog } from '../records/form-dialog.tsx';
import { RecordPanel } from '../records/record-panel.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import '../models/models.css';
import { CatalogueUpdate } from './catalogue-update.tsx';
import { ExchangeRateCard } from './exchange-rate-card.tsx';
import { PricePanel } from './price-panel.tsx';
import './prices.css';
import { usePrices } from './prices.queries.ts';
import { ReRatingSection } from './re-rating-section.tsx';
import { When } from './when.tsx';

const SEARCH_PAUSE_MS = 250;
const SKELETON_ROWS = 8;

/** Prices by the moment they take effect, the exchange rate, and charging a range again; for platform admins. */
export function PricesPage() {
  const { t } = useTranslation('app');
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const [updating, update] = useDisclosure(false);
  const prices = usePrices(asked);
  const [provider, model] = [params.get('provider'), params.get('model')];
  const open = (item: Pick<PriceVersion, 'provider' | 'model'> | null) =>
    setParams(item ? { provider: item.provider, model: item.model } : {});
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <PageTitle>{t('nav.prices')}</PageTitle>
        <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={update.open}>
          {t('prices.update')}
        </Button>
      </Group>
      <ExchangeRateCard />
      <TextInput
        className="portal-search"
        type="search"
        aria-label={t('prices.search')}
        placeholder={t('prices.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {prices.isError ? (
        <ErrorState error={prices.error} onRetry={() => void prices.refetch()} />
      ) : prices.data?.items.length === 0 ? (
        <EmptyState icon={<IconReceipt size={28} stroke={1.5} />} title={t('prices.empty')} />
      ) : (
        <div className="portal-panel prices-list" aria-busy={prices.isPending}>
          <PriceTable items={prices.data?.items} onOpen={open} />
          {prices.data?.more && (
            <Text size="sm" c="dimmed" ta="center" py="sm">
              {t('prices.more')}
            </Text>
          )}
        </div>
      )}
      <Stack gap="sm" component="section">
        <Title order={2}>{t('reRating.title')}</Title>
        <ReRatingSection />
      </Stack>
      <RecordPanel opened={provider !== null && model !== null} title={model ?? ''} onClose={() => open(null)}>
        {provider && model && <PricePanel key={`${provider} ${model}`} provider={provider} model={model} />}
      </RecordPanel>
      <FormDialog opened={updating} onClose={update.close} size="xl" title={t('prices.update')}>
        <CatalogueUpdate onClose={update.close} />
      </FormDialog>
    </Stack>
  );
}

interface PriceTableProps {
  items: PriceVersion[] | undefined;
  onOpen: (item: PriceVersion) => void;
}

function PriceTable({ items, onOpen }: PriceTableProps) {
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
                <UnstyledButton
                  className="portal-link"
                  onClick={(event) => {
                    event.stopPropagation();
                    onOpen(item);
                  }}
                >
                  {item.model}
                </UnstyledButton>
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

function Usd({ price }: { price: string | undefined }) {
  const { number } = useFormat();
  return <span className="cf-number">{price === undefined ? '—' : `$ ${number(Number(price))}`}</span>;
}
