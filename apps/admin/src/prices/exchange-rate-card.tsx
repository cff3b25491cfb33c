import type { ExchangeRate } from '@cloudfreedom/contracts';
import { ErrorState, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useExchangeRates, usePriceChanges } from './prices.queries.ts';
import { When } from './when.tsx';

/** The rate in effect, whether it is stale, its history, and setting one by hand. */
export function ExchangeRateCard() {
  const { t } = useTranslation('app');
  const rates = useExchangeRates();
  const [setting, set] = useDisclosure(false);
  const [history, showHistory] = useDisclosure(false);
  if (rates.isError && !rates.data) return <ErrorState error={rates.error} onRetry={() => void rates.refetch()} />;
  const current = rates.data?.items.find((item) => item.current);
  return (
    <section className="portal-panel prices-rate" aria-label={t('rates.title')} aria-busy={rates.isPending}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Title order={2} size="h4">
            {t('rates.title')}
          </Title>
          {rates.data ? <Current rate={current} stale={rates.data.stale} /> : <Skeleton height={22} width={260} />}
        </Stack>
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={history} onClick={showHistory.toggle}>
            {t('rates.history')}
          </Button>
          <Button size="xs" variant="default" onClick={set.open}>
            {t('rates.set')}
          </Button>
        </Group>
      </Group>
      {history && rates.data && <History items={rates.data.items} />}
      <FormDialog opened={setting} onClose={set.close} title={t('rates.set')}>
        <RateForm onClose={set.close} />
      </FormDialog>
    </section>
  );
}

function useSourceWords(): (source: string) => string {
  const { t } = useTranslation('app');
  const words: Record<string, string> = { ecb: t('rates.ecb'), environment: t('rates.environment') };
  return (source) => words[source] ?? source;
}

function Current({ rate, stale }: { rate: ExchangeRate | undefined; stale: boolean }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const sourceOf = useSourceWords();
  return (
    <>
      {rate && (
        <Text>
          {t('rates.current', { rate: format.exactNumber(rate.eurPerUsd) })}{' '}
          <Text span c="dimmed" size="sm">
            {sourceOf(rate.source)}, {t('rates.asOf')} <When at={rate.quotedAt} />
          </Text>
        </Text>
      )}
      {stale && (
        <Text size="sm" className="models-warning" role="status">
          <IconAlertTriangle size={15} aria-hidden /> {t('rates.stale')}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('rates.text')}
      </Text>
    </>
  );
}

function History({ items }: { items: ExchangeRate[] }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const sourceOf = useSourceWords();
  return (
    <Table.ScrollContainer minWidth={480} type="native" maxHeight={280} mt="md">
      <Table className="portal-table" verticalSpacing={6} aria-label={t('rates.history')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('prices.effectiveFrom')}</Table.Th>
            <Table.Th ta="right">{t('rates.eurPerUsd')}</Table.Th>
            <Table.Th>{t('prices.source')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id} fw={item.current ? 600 : 400}>
              <Table.Td>
                <When at={item.effectiveFrom} />
              </Table.Td>
              <Table.Td ta="right" className="cf-number">
                {format.exactNumber(item.eurPerUsd)}
              </Table.Td>
              <Table.Td>{sourceOf(item.source)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RateForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  const { setRate } = usePriceChanges();
  const [typed, setTyped] = useState({ rate: '', source: '' });
  const [faults, setFaults] = useState<{ rate?: string | null; source?: string | null }>({});
  const rate = typed.rate.trim().replace(',', '.');
  const submit = () => {
    const plausible = /^\d{1,6}(\.\d{1,12})?$/.test(rate) && Number(rate) >= 0.2 && Number(rate) <= 5;
    const found = { rate: plausible ? null : t('rates.wrong'), source: checks.required(typed.source) };
    setFaults(found);
    if (found.rate === null && found.source === null)
      setRate.mutate({ eurPerUsd: rate, source: typed.source.trim() }, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('rates.save')} busy={setRate.isPending} onSubmit={submit} onCancel={onClose}>
      <Text size="sm">{t('rates.setText')}</Text>
      <TextInput
        label={t('rates.eurPerUsd')}
        inputMode="decimal"
        autoComplete="off"
        value={typed.rate}
        error={faults.rate}
        data-autofocus
        onChange={(event) => setTyped({ ...typed, rate: event.currentTarget.value })}
      />
      <TextInput
        label={t('prices.source')}
        description={t('rates.sourceHint')}
        maxLength={200}
        autoComplete="off"
        value={typed.source}
        error={faults.source}
        onChange={(event) => setTyped({ ...typed, source: event.currentTarget.value })}
      />
      <NotSaved error={setRate.error} />
    </DialogForm>
  );
}
