import type { ReRating } from '@cloudfreedom/contracts';
import { Money, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeopleNames } from '../people/people.queries.ts';
import { NotSaved } from '../records/not-saved.tsx';
import { Question } from '../records/question.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type ReRatingOrder, useReRating, useReRatings } from './prices.queries.ts';
import { When } from './when.tsx';

type Field = 'from' | 'to' | 'model' | 'reason';

/** Charge a range of this tenant's usage again at the prices that should have counted: shown first, then done. */
export function ReRatingSection() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { preview, apply } = useReRating(tenant.id);
  const [order, setOrder] = useState<ReRatingOrder | null>(null);
  const [asked, question] = useDisclosure(false);
  const shown = apply.data ?? preview.data;
  const show = (wanted: ReRatingOrder) => {
    setOrder(wanted);
    apply.reset();
    preview.mutate(wanted);
  };
  return (
    <div className="portal-panel prices-re-rating">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('reRating.text', { tenant: tenant.name })}
        </Text>
        <OrderForm busy={preview.isPending} onShow={show} />
        <NotSaved error={preview.error ?? apply.error} />
        {shown && <Outcome outcome={shown} />}
        {preview.data && !apply.data && preview.data.changed > 0 && (
          <Group>
            <Button loading={apply.isPending} onClick={question.open}>
              {t('reRating.apply')}
            </Button>
            {apply.isPending && order && <Progress id={order.id} rows={preview.data.rows} />}
          </Group>
        )}
        <Past running={apply.isPending} />
        <Question
          opened={asked}
          title={t('reRating.question', { count: preview.data?.changed ?? 0 })}
          text={t('reRating.questionText')}
          action={t('reRating.apply')}
          dangerous
          busy={false}
          error={null}
          onConfirm={() => {
            question.close();
            if (order) apply.mutate(order);
          }}
          onClose={question.close}
        />
      </Stack>
    </div>
  );
}

function OrderForm({ busy, onShow }: { busy: boolean; onShow: (order: ReRatingOrder) => void }) {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  const [typed, setTyped] = useState<Record<Field, string>>({ from: '', to: '', model: '', reason: '' });
  const [faults, setFaults] = useState<Partial<Record<Field, string>>>({});
  const field = (name: Field) => ({
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((known) => ({ ...known, [name]: value }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Partial<Record<Field, string>> = {};
    for (const name of ['from', 'to', 'reason'] as const) {
      const missing = checks.required(typed[name]);
      if (missing) found[name] = missing;
    }
    if (!found.from && !found.to && typed.from >= typed.to) found.to = t('reRating.order');
    if (!found.to && Date.parse(typed.to) > Date.now()) found.to = t('reRating.future');
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const [from, to] = [new Date(typed.from).toISOString(), new Date(typed.to).toISOString()];
    const model = typed.model.trim() === '' ? {} : { model: typed.model.trim() };
    onShow({ id: crypto.randomUUID(), from, to, ...model, reason: typed.reason.trim() });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div className="portal-fields">
          <TextInput {...field('from')} label={t('reRating.from')} type="datetime-local" />
          <TextInput {...field('to')} label={t('reRating.to')} type="datetime-local" />
          <TextInput {...field('model')} label={t('reRating.model')} placeholder={t('reRating.allModels')} />
        </div>
        <TextInput {...field('reason')} label={t('reRating.reason')} maxLength={500} />
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {t('reRating.show')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What it would change, or has changed: the sum, by person. */
function Outcome({ outcome }: { outcome: ReRating }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { number } = useFormat();
  const changed = outcome.people.filter((person) => person.changed > 0);
  const names = usePeopleNames(
    tenant.id,
    changed.slice(0, 100).map(({ subjectId }) => subjectId),
  );
  return (
    <Stack gap="xs" role="status">
      <Text>
        {outcome.applied
          ? t('reRating.done', { count: outcome.changed })
          : t('reRating.would', { count: outcome.changed, rows: number(outcome.rows) })}{' '}
        <b>
          <Money amount={outcome.before} /> → <Money amount={outcome.after} />
        </b>
      </Text>
      {changed.length > 0 && (
        <div className="prices-differences">
          <Table className="portal-table" verticalSpacing={4} aria-label={t('reRating.people')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('usage.person')}</Table.Th>
                <Table.Th ta="right">{t('reRating.requests')}</Table.Th>
                <Table.Th ta="right">{t('prices.before')}</Table.Th>
                <Table.Th ta="right">{t('prices.after')}</Table.Th>
                <Table.Th ta="right">{t('reRating.difference')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changed.slice(0, 100).map((person) => (
                <Table.Tr key={person.subjectId}>
                  <Table.Td>{names.data?.get(person.subjectId) ?? t('people.unknown')}</Table.Td>
                  <Table.Td ta="right">{number(person.changed)}</Table.Td>
                  <Table.Td ta="right">
                    <Money amount={person.before} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Money amount={person.after} />
                  </Table.Td>
                  <Table.Td ta="right" fw={550}>
                    <Money amount={person.difference} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Stack>
  );
}

function Progress({ id, rows }: { id: string; rows: number }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { number } = useFormat();
  const running = useReRatings(tenant.id, true).data?.items.find((item) => item.id === id);
  return (
    <Text size="sm" role="status">
      {t('reRating.progress', { done: number(running?.rows ?? 0), rows: number(rows) })}
    </Text>
  );
}

function Past({ running }: { running: boolean }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const past = useReRatings(tenant.id, running);
  if (!past.data || past.data.items.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm">
        {t('reRating.past')}
      </Text>
      <ul className="portal-list prices-past">
        {past.data.items.map((item) => (
          <li key={item.id}>
            <Text size="sm" component="div">
              <When at={item.from} /> – <When at={item.to} /> · {item.model ?? t('reRating.allModels')} ·{' '}
              <Money amount={item.difference} />
            </Text>
            <Text size="xs" c="dimmed">
              {item.reason}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
