import type { Adjustment } from '@cloudfreedom/contracts';
import { ErrorState, Moment, Money } from '@cloudfreedom/ui';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { AdjustmentDialog } from './adjustment-dialog.tsx';
import { useAdjustmentsOf } from './adjustments.queries.ts';
import { usePeopleNames } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

/** Money beside requests: what admins gave or set right, and what came from the month before. */
export function PersonAdjustments({ person, mayAdjust }: { person: TenantPerson; mayAdjust: boolean }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [booking, dialog] = useDisclosure(false);
  const adjustments = useAdjustmentsOf(tenant.id, person.id);
  const names = usePeopleNames(
    tenant.id,
    (adjustments.data ?? []).map(({ author }) => author),
  );
  if (adjustments.isError && !adjustments.data) {
    return <ErrorState error={adjustments.error} onRetry={() => void adjustments.refetch()} />;
  }
  if (!adjustments.data) return <Skeleton height={64} aria-busy />;
  return (
    <Stack gap="sm" align="stretch">
      {adjustments.data.length === 0 ? (
        <Text c="dimmed">{t('adjust.none')}</Text>
      ) : (
        <ul className="portal-list portal-flush" aria-label={t('adjust.list')}>
          {adjustments.data.map((entry) => (
            <li key={entry.id}>
              <OneAdjustment entry={entry} author={names.data?.get(entry.author)} />
            </li>
          ))}
        </ul>
      )}
      {mayAdjust && (
        <Group>
          <Button variant="default" onClick={dialog.open}>
            {t('adjust.open')}
          </Button>
        </Group>
      )}
      <AdjustmentDialog person={person} opened={booking} onClose={dialog.close} />
    </Stack>
  );
}

function OneAdjustment({ entry, author }: { entry: Adjustment; author: string | undefined }) {
  const { t } = useTranslation('app');
  const kinds = {
    top_up: t('adjust.topUp'),
    correction: entry.amount.startsWith('-') ? t('adjust.giveBack') : t('adjust.charge'),
    carry_over: t('adjust.carryOver'),
  };
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={550}>{kinds[entry.kind]}</Text>
        <Text fw={550} component="span">
          <Money amount={entry.amount} />
        </Text>
      </Group>
      <Group justify="space-between" c="dimmed" fz="sm" gap="xs">
        <span className="portal-words">
          {entry.kind === 'carry_over'
            ? t('adjust.carryOverText')
            : `${entry.reason} · ${t('requests.by', { name: author ?? t('requests.platform') })}`}
        </span>
        <Moment at={entry.at} />
      </Group>
    </>
  );
}
