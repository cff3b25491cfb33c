import type { Meter, PriceVersion } from '@cloudfreedom/contracts';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readUsd } from '../models/deployment-values.ts';
import { useMeterWords, useStepWords } from '../models/words.ts';
import { NotSaved } from '../records/not-saved.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { placesOf, pricePlace, stepsOf } from './price-steps.ts';
import { usePriceChanges } from './prices.queries.ts';

/** A further price version, filled with the one in effect: what is changed here counts from the chosen moment on. */
export function PriceVersionForm({ current, onDone }: { current: PriceVersion; onDone: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const checks = useFieldChecks();
  const meters = useMeterWords();
  const stepOf = useStepWords();
  const { addVersion } = usePriceChanges();
  const places = placesOf(current.steps);
  const [prices, setPrices] = useState(() => new Map(places.map((place) => [pricePlace(place), place.price])));
  const [more, setMore] = useState({ source: '', from: '' });
  const [faults, setFaults] = useState<Record<string, string>>({});

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    const missing = checks.required(more.source);
    if (missing) found.source = missing;
    for (const place of places) {
      const typed = prices.get(pricePlace(place)) ?? '';
      if (typed.trim() === '' ? place.needed : readUsd(typed) === undefined) found[pricePlace(place)] = t('fault.usd');
    }
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const { provider, model } = current;
    const effectiveFrom = more.from === '' ? {} : { effectiveFrom: new Date(more.from).toISOString() };
    const steps = stepsOf(places, (place) => readUsd(prices.get(pricePlace(place)) ?? ''));
    addVersion.mutate({ provider, model, source: more.source.trim(), ...effectiveFrom, steps }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate className="prices-form">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('prices.formText')}
        </Text>
        <div className="portal-fields">
          {places.map((place) => {
            const name = pricePlace(place);
            const step = place.isUsual ? '' : ` (${stepOf(place)})`;
            return (
              <TextInput
                key={name}
                label={`${meters[place.meter satisfies Meter]}${step}`}
                inputMode="decimal"
                leftSection="$"
                autoComplete="off"
                value={prices.get(name) ?? ''}
                error={faults[name]}
                onChange={(event) => setPrices(new Map(prices).set(name, event.currentTarget.value))}
              />
            );
          })}
        </div>
        <div className="portal-fields">
          <TextInput
            label={t('prices.source')}
            description={t('prices.sourceHint')}
            maxLength={200}
            autoComplete="off"
            value={more.source}
            error={faults.source}
            onChange={(event) => setMore({ ...more, source: event.currentTarget.value })}
          />
          <TextInput
            label={t('prices.effectiveFrom')}
            description={t('prices.effectiveFromHint')}
            type="datetime-local"
            value={more.from}
            onChange={(event) => setMore({ ...more, from: event.currentTarget.value })}
          />
        </div>
        <NotSaved error={addVersion.error} />
        <Group gap="xs">
          <Button type="submit" loading={addVersion.isPending}>
            {t('prices.add')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('ui:actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
