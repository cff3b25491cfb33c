import { Moment, Money, SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglassOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type ApiKey, keyState } from './api-key.ts';
import { useKeyStateWords } from './words.ts';

const SKELETON_ROWS = 6;
type OnRevoke = (key: ApiKey) => void;

export function KeyTable({ keys, onRevoke }: { keys: ApiKey[] | undefined; onRevoke: OnRevoke }) {
  const { t } = useTranslation('app');
  return (
    <Table.ScrollContainer minWidth={940} type="native">
      <Table className="portal-table" verticalSpacing="sm" horizontalSpacing="sm" aria-label={t('nav.keys')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('people.name')}</Table.Th>
            <Table.Th>{t('keys.owner')}</Table.Th>
            <Table.Th>{t('keys.lastUsed')}</Table.Th>
            <Table.Th ta="right">{t('keys.budget')}</Table.Th>
            <Table.Th>{t('products.models')}</Table.Th>
            <Table.Th>{t('keys.expires')}</Table.Th>
            <Table.Th>{t('people.status')}</Table.Th>
            <Table.Th>
              <span className="cf-visually-hidden">{t('tokens.revoke')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys?.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <KeyName apiKey={key} />
              </Table.Td>
              <Table.Td>
                <Owner apiKey={key} />
              </Table.Td>
              <Table.Td>
                <LastUsed apiKey={key} />
              </Table.Td>
              <Table.Td ta="right">
                {key.monthlyBudgetEur === '' ? t('person.none') : <Money amount={key.monthlyBudgetEur} />}
              </Table.Td>
              <Table.Td>
                <Models apiKey={key} />
              </Table.Td>
              <Table.Td>
                <Expiry apiKey={key} />
              </Table.Td>
              <Table.Td>
                <State apiKey={key} />
              </Table.Td>
              <Table.Td ta="right">
                <Revoke apiKey={key} onRevoke={onRevoke} />
              </Table.Td>
            </Table.Tr>
          )) ?? <SkeletonRows rows={SKELETON_ROWS} columns={8} />}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The same keys where a table is too wide. @param props.isOneOwner all are of whom the page is about */
export function KeyCards(props: { keys: ApiKey[]; onRevoke: OnRevoke; isOneOwner?: boolean }) {
  const { keys, onRevoke, isOneOwner = false } = props;
  const { t } = useTranslation('app');
  return (
    <ul className="portal-cards" aria-label={t('nav.keys')}>
      {keys.map((key) => (
        <li key={key.id}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <KeyName apiKey={key} />
            <State apiKey={key} />
          </Group>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed" component="div">
              {!isOneOwner && <Owner apiKey={key} />}
              {t('keys.lastUsed')}: <LastUsed apiKey={key} />
            </Text>
            <Revoke apiKey={key} onRevoke={onRevoke} />
          </Group>
        </li>
      ))}
    </ul>
  );
}

/** Where a key is opened: beside the list as it is narrowed down now. */
function useKeyLink(): (keyId: string) => string {
  const tenant = useTenantOnShow();
  const { pathname, search } = useLocation();
  const page = `/tenants/${tenant.id}/keys`;
  return (keyId) => {
    const params = new URLSearchParams(pathname === page ? search : '');
    params.set('record', keyId);
    return `${page}?${params}`;
  };
}

function KeyName({ apiKey }: { apiKey: ApiKey }) {
  const linkOf = useKeyLink();
  return (
    <div className="portal-card-name">
      <Anchor
        component={Link}
        to={linkOf(apiKey.id)}
        className="portal-link"
        c="inherit"
        truncate
        maw={220}
        display="block"
        title={apiKey.name}
      >
        {apiKey.name}
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace">
        {apiKey.prefix}…
      </Text>
    </div>
  );
}

function Owner({ apiKey: { owner } }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  if (!owner) return t('people.unknown');
  const name = owner.name || owner.email || owner.id;
  const said = owner.kind === 'service_account' ? `${name} (${t('kind.serviceAccount')})` : name;
  return (
    <Anchor
      component={Link}
      to={`/tenants/${tenant.id}/people/${owner.id}`}
      c="inherit"
      inherit
      truncate
      maw={220}
      display="block"
      title={said}
    >
      {said}
    </Anchor>
  );
}

function LastUsed({ apiKey: { lastUsed } }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app');
  return lastUsed === null ? t('keys.neverUsed') : <Moment at={lastUsed} />;
}

function Models({ apiKey: { models } }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (models.length === 0) return t('keys.modelsOfProduct');
  return <span title={format.list(models)}>{t('products.modelCount', { count: models.length })}</span>;
}

function Expiry({ apiKey: { expires } }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return expires === null ? t('keys.neverExpires') : format.dateTime(expires);
}

function State({ apiKey }: { apiKey: ApiKey }) {
  const state = keyState(apiKey, Date.now());
  const words = useKeyStateWords();
  const Icon = { active: IconCircleCheck, expired: IconHourglassOff, revoked: IconCircleX }[state];
  return (
    <span className="portal-status" data-status={state}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {words[state]}
    </span>
  );
}

function Revoke({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: OnRevoke }) {
  const { t } = useTranslation('app');
  if (apiKey.revoked) return null;
  return (
    <Button
      variant="default"
      size="xs"
      className="portal-danger"
      aria-label={t('tokens.revokeOf', { name: apiKey.name })}
      onClick={() => onRevoke(apiKey)}
    >
      {t('tokens.revoke')}
    </Button>
  );
}
