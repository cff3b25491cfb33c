import { useApp, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { filterQuery, type LogFilter } from './usage-filter.ts';

const NEWLINE = 10;
type State = { kind: 'idle' } | { kind: 'running'; rows: number } | { kind: 'failed'; error: unknown } | Done;
interface Done {
  kind: 'done';
  rows: number;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines += 1;
  return lines;
}

function saveFile(name: string, parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** What is filtered as a file for a spreadsheet; it tells how far it is, and can be stopped. */
export function CsvDownload({ filter, total }: { filter: LogFilter; total: number | undefined }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const words = useFailureWords();
  const { state, start, stop } = useDownload(filter);
  if (state.kind === 'running') {
    const progress = { done: format.number(state.rows), total: total === undefined ? '…' : format.number(total) };
    return (
      <Group gap="xs">
        <progress
          className="usage-progress"
          value={state.rows}
          max={Math.max(total ?? 0, state.rows, 1)}
          aria-label={t('view.csv')}
        />
        <Text size="sm" c="dimmed" role="status">
          {t('view.csvRunning', progress)}
        </Text>
        <Button variant="default" size="sm" aria-label={t('view.csvCancel')} onClick={stop}>
          <IconX size={16} aria-hidden />
        </Button>
      </Group>
    );
  }
  return (
    <Group gap="xs">
      <Text size="sm" c={state.kind === 'failed' ? 'var(--cf-bad)' : 'dimmed'} role="status">
        {state.kind === 'failed' && t('view.csvFailed', { reason: words(state.error) })}
        {state.kind === 'done' && t('view.csvDone', { count: state.rows })}
      </Text>
      <Button variant="default" size="sm" leftSection={<IconDownload size={16} aria-hidden />} onClick={start}>
        {t('view.csv')}
      </Button>
    </Group>
  );
}

function useDownload(filter: LogFilter) {
  const { session, config } = useApp();
  const tenant = useTenantOnShow();
  const { language } = useFormat();
  const [state, setState] = useState<State>({ kind: 'idle' });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async () => {
    const stopping = new AbortController();
    running.current = stopping;
    setState({ kind: 'running', rows: 0 });
    try {
      const query = filterQuery(filter, { decimal: language === 'de' ? 'comma' : 'point' });
      const url = `${config.billingUrl}/v1/tenants/${tenant.id}/usage.csv?${query}`;
      const response = await session.services.send(url, { signal: stopping.signal });
      const parts: BlobPart[] = [];
      // The first line is the header.
      let rows = -1;
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        parts.push(part.value);
        rows += countLines(part.value);
        setState({ kind: 'running', rows: Math.max(rows, 0) });
      }
      saveFile('usage.csv', parts);
      setState({ kind: 'done', rows: Math.max(rows, 0) });
    } catch (error) {
      setState(stopping.signal.aborted ? { kind: 'idle' } : { kind: 'failed', error });
    }
  };
  return { state, start: () => void start(), stop: () => running.current?.abort() };
}
