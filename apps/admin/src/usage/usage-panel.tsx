import type { UsageDetail } from '@cloudfreedom/contracts';
import { ApiFailure, ErrorState, Moment, Money, useTaskWords } from '@cloudfreedom/ui';
import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { RequestContent } from '../content-log/request-content.tsx';
import { PanelSection, RecordPanel } from '../records/record-panel.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { Attempts } from './attempts.tsx';
import { ChargeTable } from './charge-table.tsx';
import { CopyId } from './copy-id.tsx';
import { Timings } from './timings.tsx';
import { useNames, useProductNames, useUsageDetail } from './usage.queries.ts';
import { ModelCell, OutcomeCell } from './usage-cells.tsx';
import { useErrorKindWords } from './words.ts';

/** One request beside the list: how its charge came about, how long it took, what was tried. */
export function UsagePanel({ reservationId, onClose }: { reservationId: string | null; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <RecordPanel opened={reservationId !== null} title={t('detail.title')} onClose={onClose}>
      {reservationId !== null && <Detail key={reservationId} reservationId={reservationId} />}
    </RecordPanel>
  );
}

function Detail({ reservationId }: { reservationId: string }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const detail = useUsageDetail(tenant.id, reservationId);
  if (detail.data) return <Sections detail={detail.data} />;
  const { error } = detail;
  const isGone = error instanceof ApiFailure && (error.status === 404 || error.status === 400);
  if (isGone) return <Text>{t('detail.gone')}</Text>;
  if (error) return <ErrorState error={error} onRetry={() => void detail.refetch()} />;
  return (
    <Stack gap="md" aria-busy>
      <Skeleton height={56} />
      <Skeleton height={220} />
      <Skeleton height={120} />
    </Stack>
  );
}

function Sections({ detail }: { detail: UsageDetail }) {
  const { t } = useTranslation('app');
  return (
    <Stack gap="xl">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Text fz={30} fw={650} lh={1.2}>
            <Money amount={detail.charge} />
          </Text>
          <Group gap="xs">
            <PersonLink subjectId={detail.subjectId} />
            <ModelCell row={detail} />
          </Group>
        </Stack>
        <Stack gap={2} align="flex-end">
          <OutcomeCell outcome={detail.outcome} />
          <Text size="sm" c="dimmed">
            <Moment at={detail.at} />
          </Text>
        </Stack>
      </Group>
      <PanelSection title={t('detail.calculation')}>
        <ChargeTable detail={detail} />
      </PanelSection>
      <PanelSection title={t('detail.timings')}>
        <Timings detail={detail} />
      </PanelSection>
      <PanelSection title={t('detail.attempts')}>
        <Attempts detail={detail} />
      </PanelSection>
      <RequestContent reservationId={detail.reservationId} />
      <PanelSection title={t('detail.about')}>
        <About detail={detail} />
      </PanelSection>
    </Stack>
  );
}

function PersonLink({ subjectId }: { subjectId: string }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const people = useNames('users', tenant.id, [[subjectId]]);
  const name = people.nameOf(subjectId);
  if (name === undefined) return people.isPending ? '…' : t('people.unknown');
  return (
    <Anchor component={Link} to={`/tenants/${tenant.id}/people/${subjectId}`} inherit>
      {name}
    </Anchor>
  );
}

function About({ detail }: { detail: UsageDetail }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const kindOf = useErrorKindWords();
  const taskWords = useTaskWords();
  const keys = useNames('api_keys', tenant.id, [[detail.apiKeyId]]);
  const products = useProductNames();
  return (
    <dl className="portal-details">
      <Row name={t('usage.person')}>
        <PersonLink subjectId={detail.subjectId} />
      </Row>
      <Row name={t('usage.key')}>
        {detail.apiKeyId === null ? t('usage.none') : (keys.nameOf(detail.apiKeyId) ?? detail.apiKeyId)}
      </Row>
      <Row name={t('usage.product')}>
        {detail.productId === null ? t('usage.none') : (products.data?.get(detail.productId) ?? detail.productId)}
      </Row>
      <Row name={t('usage.costCentre')}>{detail.costCentre || t('usage.none')}</Row>
      <Row name={t('usage.model')}>
        <ModelCell row={detail} />
      </Row>
      <Row name={t('usage.deployment')}>
        {[detail.deployment ?? t('usage.unknown'), detail.upstreamModel, detail.region].filter(Boolean).join(' · ')}
      </Row>
      {detail.task && <Row name={t('detail.task')}>{taskWords(detail.task)}</Row>}
      {detail.errorKind !== null && <Row name={t('usage.errorKind')}>{kindOf(detail.errorKind)}</Row>}
      <Row name={t('detail.finishReason')}>{detail.finishReason ?? t('usage.none')}</Row>
      <Row name={t('usage.basis')}>{detail.usage.basis === 'exact' ? t('usage.exact') : t('usage.estimated')}</Row>
      <Row name={t('detail.streamed')}>{detail.streamed ? t('detail.yes') : t('detail.no')}</Row>
      <Row name={t('usage.requestId')}>
        <CopyId id={detail.requestId} />
      </Row>
      <Row name={t('detail.reservationId')}>
        <CopyId id={detail.reservationId} />
      </Row>
      {detail.upstreamRequestId !== null && (
        <Row name={t('detail.upstreamRequestId')}>
          <CopyId id={detail.upstreamRequestId} />
        </Row>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
