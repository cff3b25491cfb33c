import type { FailedKeyTest, ProviderKeyView } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState, Moment, providerOf, providerTitle } from '@cloudfreedom/ui';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconHourglass,
  IconLock,
  IconPlugConnected,
  IconPlus,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProxyReach } from '../models/proxy-reach.ts';
import { usePeopleNames } from '../people/people.queries.ts';
import { FormDialog } from '../records/form-dialog.tsx';
import { Question } from '../records/question.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { KeyForm } from './key-form.tsx';
import { useProviderKeyChanges, useProviderKeys } from './provider-keys.queries.ts';
import './provider-keys.css';

type Place = Pick<ProviderKeyView, 'keyName' | 'label'>;

/** The providers' keys of the tenant's proxy: entered and tested here, never shown again. */
export function ProviderKeysPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const reach = useProxyReach(tenant);
  const [entering, setEntering] = useState<Place | 'new' | null>(null);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.providerKeys')}</PageTitle>
        {reach === 'open' && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEntering('new')}>
            {t('providerKeys.enter')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t('providerKeys.text')}
      </Text>
      {reach === undefined && <Skeleton height={200} />}
      {reach === 'foreign' && (
        <EmptyState
          icon={<IconLock size={28} stroke={1.5} />}
          title={t('providerKeys.foreign')}
          text={t('providerKeys.foreignText', { tenant: tenant.name })}
        />
      )}
      {reach === 'down' && (
        <EmptyState
          icon={<IconPlugConnected size={28} stroke={1.5} />}
          title={t('providerKeys.down')}
          text={t('providerKeys.downText')}
        />
      )}
      {reach === 'open' && <Keys onExchange={setEntering} />}
      <FormDialog
        opened={entering !== null}
        onClose={() => setEntering(null)}
        title={entering === 'new' ? t('providerKeys.enter') : t('providerKeys.exchange')}
      >
        {entering !== null && (
          <KeyForm place={entering === 'new' ? null : entering} onClose={() => setEntering(null)} />
        )}
      </FormDialog>
    </Stack>
  );
}

function Keys({ onExchange }: { onExchange: (place: Place) => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const keys = useProviderKeys(tenant, true);
  const { remove } = useProviderKeyChanges(tenant);
  const [asked, setAsked] = useState<Place | null>(null);
  const people = [...(keys.data?.items ?? []), ...(keys.data?.failedTests ?? [])];
  const names = usePeopleNames(
    tenant.id,
    people.flatMap(({ enteredBy }) => enteredBy ?? []),
  );
  const nameOf = (id: string) => names.data?.get(id) ?? t('people.unknown');
  if (keys.isError && !keys.data) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />;
  if (!keys.data) return <Skeleton height={200} />;
  const { items, failedTests } = keys.data;
  return (
    <Stack gap="md">
      {failedTests.map((failed) => (
        <FailedTest key={`${failed.keyName} ${failed.label}`} failed={failed} nameOf={nameOf} />
      ))}
      {items.length === 0 ? (
        <EmptyState
          icon={<IconPlugConnected size={28} stroke={1.5} />}
          title={t('providerKeys.empty')}
          text={t('providerKeys.emptyText')}
        />
      ) : (
        <ul className="portal-panel portal-cards" aria-label={t('nav.providerKeys')}>
          {items.map((item) => (
            <KeyRow
              key={`${item.keyName} ${item.label}`}
              item={item}
              nameOf={nameOf}
              onExchange={() => onExchange(item)}
              onRemove={() => setAsked(item)}
            />
          ))}
        </ul>
      )}
      <Question
        opened={asked !== null}
        title={t('providerKeys.removeTitle', { name: `${asked?.keyName ?? ''}/${asked?.label ?? ''}` })}
        text={t('providerKeys.removeText')}
        action={t('providerKeys.remove')}
        dangerous
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => asked && remove.mutate(asked, { onSuccess: () => setAsked(null) })}
        onClose={() => setAsked(null)}
      />
    </Stack>
  );
}

function setTitle(keyName: string): string {
  const provider = providerOf(keyName);
  return provider ? providerTitle(provider) : keyName;
}

interface KeyRowProps {
  item: ProviderKeyView;
  nameOf: (id: string) => string;
  onExchange: () => void;
  onRemove: () => void;
}

function KeyRow({ item, nameOf, onExchange, onRemove }: KeyRowProps) {
  const { t } = useTranslation('app');
  const name = `${item.keyName}/${item.label}`;
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} className="portal-card-name">
          <Text fw={550}>
            {setTitle(item.keyName)}{' '}
            <Text span c="dimmed" size="sm">
              {item.label}
            </Text>
          </Text>
          <code className="keys-hint">{item.hint}</code>
          <Text size="sm" c="dimmed">
            {item.source === 'environment' ? (
              t('providerKeys.ofEnvironment')
            ) : (
              <>
                {t('providerKeys.enteredBy', { name: nameOf(item.enteredBy ?? '') })}{' '}
                {item.enteredAt && <Moment at={item.enteredAt} />}
                {item.weight !== 1 && ` · ${t('providerKeys.weightOf', { weight: item.weight })}`}
              </>
            )}
          </Text>
          <State item={item} />
        </Stack>
        {item.source === 'database' && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              aria-label={t('providerKeys.exchangeOf', { name })}
              onClick={onExchange}
            >
              {t('providerKeys.exchange')}
            </Button>
            <Button
              size="xs"
              variant="default"
              className="portal-danger"
              aria-label={t('providerKeys.removeOf', { name })}
              onClick={onRemove}
            >
              {t('providerKeys.remove')}
            </Button>
          </Group>
        )}
      </Group>
    </li>
  );
}

function State({ item }: { item: ProviderKeyView }) {
  const { t } = useTranslation('app');
  if (item.restsUntil !== null)
    return (
      <span className="keys-state" data-state="rests">
        <IconHourglass size={16} aria-hidden /> {t('providerKeys.rests')}
      </span>
    );
  if (item.testedAt === null)
    return (
      <span className="keys-state">
        <IconAlertTriangle size={16} aria-hidden /> {t('providerKeys.untested')}
      </span>
    );
  return (
    <span className="keys-state" data-state="tested">
      <IconCircleCheck size={16} aria-hidden />
      <span>
        {t('providerKeys.tested')} <Moment at={item.testedAt} />
      </span>
    </span>
  );
}

/** A key that was not taken; what was there before stays. */
function FailedTest({ failed, nameOf }: { failed: FailedKeyTest; nameOf: (id: string) => string }) {
  const { t } = useTranslation('app');
  const { keyName, label, failedAt, enteredBy, refused } = failed;
  const of = { key: `${keyName}/${label}`, name: nameOf(enteredBy) };
  return (
    <div className="portal-note" data-kind="warn" role="note">
      <Text size="sm">
        {refused ? t('providerKeys.refused', of) : t('providerKeys.notAsked', of)} <Moment at={failedAt} />
      </Text>
    </div>
  );
}
