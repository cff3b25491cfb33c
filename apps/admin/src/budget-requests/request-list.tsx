import type { BudgetRequest } from '@cloudfreedom/contracts';
import { BudgetBar, type BudgetFigures, Moment, Money, usePerson } from '@cloudfreedom/ui';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglass } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useBudgetsOf, usePeopleNames } from '../people/people.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type Decision, DecisionDialog } from './decision-dialog.tsx';

interface RequestListProps {
  requests: BudgetRequest[];
  label: string;
  /** Whose they are: left out where the page says it. */
  ofOnePerson?: boolean;
}

/** Requests for more with what an admin has to know to decide, and the decision where there is one. */
export function RequestList({ requests, label, ofOnePerson = false }: RequestListProps) {
  const tenant = useTenantOnShow();
  const people = requests.map(({ subjectId }) => subjectId);
  const deciders = requests.flatMap(({ decision }) => (decision ? [decision.by] : []));
  const names = usePeopleNames(tenant.id, [...people, ...deciders]);
  const waiting = requests.filter(({ state }) => state === 'pending').map(({ subjectId }) => subjectId);
  const figures = useBudgetsOf(tenant.id, ofOnePerson ? [] : [...new Set(waiting)]);
  return (
    <ul className="portal-list portal-requests" aria-label={label}>
      {requests.map((request) => (
        <li key={request.id}>
          <OneRequest
            request={request}
            names={names.data}
            figures={figures.data?.get(request.subjectId)}
            ofOnePerson={ofOnePerson}
          />
        </li>
      ))}
    </ul>
  );
}

interface OneRequestProps {
  request: BudgetRequest;
  names: Map<string, string> | undefined;
  figures: BudgetFigures | undefined;
  ofOnePerson: boolean;
}

function OneRequest({ request, names, figures, ofOnePerson }: OneRequestProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const name = names ? (names.get(request.subjectId) ?? t('people.unknown')) : '…';
  return (
    <Stack gap={8}>
      <Group justify="space-between" align="baseline" gap="xs">
        <Text fw={550} component="div">
          {ofOnePerson ? (
            <Money amount={request.amount} />
          ) : (
            <>
              <Anchor component={Link} to={`/tenants/${tenant.id}/people/${request.subjectId}`} c="inherit" fw={550}>
                {name}
              </Anchor>{' '}
              · <Money amount={request.amount} />
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          <Moment at={request.at} />
        </Text>
      </Group>
      <Text size="sm" className="portal-words">
        {request.reason}
      </Text>
      {figures && <BudgetBar figures={figures} label={t('overview.budgetOf', { name })} size="full" />}
      {request.decision ? (
        <DecisionMade request={request} by={names?.get(request.decision.by)} />
      ) : (
        <Choices request={request} name={name} />
      )}
    </Stack>
  );
}

function Choices({ request, name }: { request: BudgetRequest; name: string }) {
  const { t } = useTranslation('app');
  const admin = usePerson();
  const [decision, setDecision] = useState<Decision | null>(null);
  if (request.subjectId === admin.id && admin.role !== 'platform_admin') {
    return (
      <Text size="sm" c="dimmed" role="note">
        {t('requests.notOwn')}
      </Text>
    );
  }
  return (
    <Group gap="xs">
      <Button size="xs" onClick={() => setDecision('approved')} aria-label={t('requests.approveOf', { name })}>
        {t('requests.approve')}
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => setDecision('declined')}
        aria-label={t('requests.declineOf', { name })}
      >
        {t('requests.decline')}
      </Button>
      <DecisionDialog request={request} name={name} decision={decision} onClose={() => setDecision(null)} />
    </Group>
  );
}

function DecisionMade({ request, by }: { request: BudgetRequest; by: string | undefined }) {
  const { t } = useTranslation('app');
  const { decision } = request;
  const approved = request.state === 'approved';
  const Icon = { approved: IconCircleCheck, declined: IconCircleX, pending: IconHourglass }[request.state];
  return (
    <Text size="sm" c="dimmed" component="div">
      <span className="portal-status" data-status={approved ? 'active' : 'revoked'}>
        <Icon size={16} stroke={1.8} aria-hidden />
        {approved ? t('requests.approved') : t('requests.declined')}
      </span>{' '}
      {decision?.granted && (
        <>
          <Money amount={decision.granted} />{' '}
        </>
      )}
      {t('requests.by', { name: by ?? t('requests.platform') })}, <Moment at={decision?.at ?? request.at} />
      {decision?.note && <span className="portal-words"> · {decision.note}</span>}
    </Text>
  );
}
