import type { PriceCatalogueUpdate, PriceChange } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeterWords, useStepWords } from '../models/words.ts';
import { DialogDone } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { usePriceChanges } from './prices.queries.ts';
import { When } from './when.tsx';

const CHANGES_SHOWN = 300;

/** A file with newer prices: its differences first, then put into effect. */
export function CatalogueUpdate({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const { updateCatalogue } = usePriceChanges();
  const [content, setContent] = useState('');
  const answer = updateCatalogue.data;
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    setContent(text);
    updateCatalogue.mutate({ content: text, apply: false });
  };
  if (answer?.applied)
    return (
      <DialogDone onClose={onClose}>
        <Text role="status">{t('prices.updated', { count: answer.models })}</Text>
      </DialogDone>
    );
  return (
    <Stack gap="md">
      <Text size="sm">{t('prices.updateText')}</Text>
      <label className="portal-drop">
        <IconFileImport size={24} stroke={1.5} aria-hidden />
        <Text span fw={550}>
          {t('prices.chooseFile')}
        </Text>
        <input
          type="file"
          className="cf-visually-hidden"
          accept=".json,application/json"
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <NotSaved error={updateCatalogue.error} />
      {answer && <Differences answer={answer} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('ui:actions.cancel')}
        </Button>
        <Button
          disabled={!answer || answer.models === 0}
          loading={updateCatalogue.isPending}
          onClick={() => updateCatalogue.mutate({ content, apply: true })}
        >
          {t('prices.apply', { count: answer?.models ?? 0 })}
        </Button>
      </Group>
    </Stack>
  );
}

function Differences({ answer }: { answer: PriceCatalogueUpdate }) {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {t('prices.found', { count: answer.models, unchanged: answer.unchanged })}{' '}
        <Text span c="dimmed" size="sm">
          {answer.source}, <When at={answer.effectiveFrom} />
        </Text>
      </Text>
      {answer.prices.length > 0 && (
        <div className="prices-differences">
          <Table className="portal-table" verticalSpacing={4} stickyHeader aria-label={t('prices.differences')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('models.model')}</Table.Th>
                <Table.Th>{t('models.perMillion')}</Table.Th>
                <Table.Th ta="right">{t('prices.before')}</Table.Th>
                <Table.Th ta="right">{t('prices.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {answer.prices.slice(0, CHANGES_SHOWN).map((change) => (
                <Change
                  key={`${change.model} ${change.serviceTier} ${change.aboveInputTokens} ${change.meter}`}
                  change={change}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {answer.prices.length > CHANGES_SHOWN && (
        <Text size="sm" c="dimmed">
          {t('prices.andMore', { count: answer.prices.length - CHANGES_SHOWN })}
        </Text>
      )}
      {answer.missing.length > 0 && (
        <Text size="xs" c="dimmed" lineClamp={3} title={list(answer.missing)}>
          {t('prices.missing', { names: list(answer.missing) })}
        </Text>
      )}
    </Stack>
  );
}

function Change({ change }: { change: PriceChange }) {
  const { t } = useTranslation('app');
  const meters = useMeterWords();
  const stepOf = useStepWords();
  const { usd } = useFormat();
  const words = (price: string | null) => (price === null ? t('prices.none') : usd(price));
  return (
    <Table.Tr>
      <Table.Td>{change.model}</Table.Td>
      <Table.Td>
        {meters[change.meter]}{' '}
        <Text span size="xs" c="dimmed">
          {stepOf(change)}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="cf-number">
        {words(change.from)}
      </Table.Td>
      <Table.Td ta="right" className="cf-number" fw={550}>
        {words(change.to)}
      </Table.Td>
    </Table.Tr>
  );
}
