import type { PriceVersion } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFileImport, IconReceipt, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { FormDialog } from '../records/form-dialog.tsx';
import { RecordPanel } from '../records/record-panel.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import '../models/models.css';
import { CatalogueUpdate } from './catalogue-update.tsx';
import { ExchangeRateCard } from './exchange-rate-card.tsx';
import { PriceCards, PriceTable } from './price-list.tsx';
import { PricePanel } from './price-panel.tsx';
import './prices.css';
import { usePrices } from './prices.queries.ts';
import { ReRatingSection } from './re-rating-section.tsx';

const SEARCH_PAUSE_MS = 250;

/** Prices by the moment they take effect, the exchange rate, and charging a range again; for platform admins. */
export function PricesPage() {
  const { t } = useTranslation('app');
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const [updating, update] = useDisclosure(false);
  const prices = usePrices(asked);
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const [provider, model] = [params.get('provider'), params.get('model')];
  const open = (item: Pick<PriceVersion, 'provider' | 'model'> | null) =>
    setParams(item ? { provider: item.provider, model: item.model } : {});
  return (
    <Stack gap="lg">
      <Group justify="space-between">
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
      {prices.isError && !prices.data ? (
        <ErrorState error={prices.error} onRetry={() => void prices.refetch()} />
      ) : prices.data?.items.length === 0 ? (
        <EmptyState icon={<IconReceipt size={28} stroke={1.5} />} title={t('prices.empty')} />
      ) : (
        <div className="portal-panel prices-list" aria-busy={prices.isPending}>
          {narrow && prices.data ? (
            <PriceCards items={prices.data.items} onOpen={open} />
          ) : (
            <PriceTable items={prices.data?.items} onOpen={open} />
          )}
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
