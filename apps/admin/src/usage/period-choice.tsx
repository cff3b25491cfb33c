import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LogFilter, PERIODS, periodName, periodOf } from './usage-filter.ts';
import { usePeriodWords } from './words.ts';

const OWN = 'own';

/** The moment as a field of the browser has it: the reader's own zone, to the minute. */
function localText(isoTime: string | undefined): string {
  if (isoTime === undefined) return '';
  const at = new Date(isoTime);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Of which time: named, or from and until. */
export function PeriodChoice(props: { filter: LogFilter; onChange: (changes: Record<string, string | null>) => void }) {
  const { t } = useTranslation('app');
  const words = usePeriodWords();
  const { filter, onChange } = props;
  const [chosenOwn, setChosenOwn] = useState(false);
  const known = periodName(filter, new Date());
  const value = chosenOwn || known === undefined ? OWN : known;
  const choose = (name: string) => {
    setChosenOwn(name === OWN);
    const period = PERIODS.find((period) => period === name);
    if (period) onChange(periodOf(period, new Date()));
  };
  const setEnd = (end: 'from' | 'to', text: string) =>
    onChange({ [end]: text === '' ? null : new Date(text).toISOString() });
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        size="sm"
        aria-label={t('period.label')}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[...PERIODS.map((name) => ({ value: name, label: words[name] })), { value: OWN, label: t('period.own') }]}
      />
      {value === OWN && (
        <>
          <TextInput
            size="sm"
            type="datetime-local"
            aria-label={t('filter.from')}
            value={localText(filter.from)}
            onChange={(event) => setEnd('from', event.currentTarget.value)}
          />
          <TextInput
            size="sm"
            type="datetime-local"
            aria-label={t('filter.to')}
            value={localText(filter.to)}
            onChange={(event) => setEnd('to', event.currentTarget.value)}
          />
        </>
      )}
    </Group>
  );
}
