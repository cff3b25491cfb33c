import { formatEur, parseEur, type TenantTotal, type UsageTotal } from '@cloudfreedom/contracts';
import { ErrorState, Money, useFormat, usePerson } from '@cloudfreedom/ui';
import { BarList, type BarListItem, sizeOfEur } from '@cloudfreedom/ui/charts';
import { Anchor, Button, Group, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import { useTenants } from '../tenants/tenant.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { BREAKDOWNS, type Breakdown, colourOf, filterOf, idOf, useBreakdownNames } from './breakdown-names.ts';
import { useTenantTotals, useUsageTotals } from './overview.queries.ts';
import { Nothing, SkeletonLines } from './panel.tsx';
import { type Month, useUsageAddress } from './use-month.ts';

const SHOWN = 8;
const SHOWN_OF_ALL = 200;
const HERE = 'breakdown';

function useChoice(): { by: Breakdown | 'tenant'; choices: readonly (Breakdown | 'tenant')[]; shown: number } {
  const [search] = useSearchParams();
  const { role } = usePerson();
  const choices = role === 'platform_admin' ? [...BREAKDOWNS, 'tenant' as const] : BREAKDOWNS;
  const asked = search.get('by');
  const shown = search.get('all') === '1' ? SHOWN_OF_ALL : SHOWN;
  return { by: choices.find((choice) => choice === asked) ?? 'model', choices, shown };
}

/** The month by one of what it consists of; which, stands in the address. */
export default function BreakdownPanel({ month, total }: { month: Month; total: string }) {
  const { t } = useTranslation('app');
  const { by, choices, shown } = useChoice();
  const section = useScrolledTo();
  const words = {
    model: t('overview.by.model'),
    provider: t('overview.by.provider'),
    product: t('overview.by.product'),
    costCentre: t('overview.by.costCentre'),
    subject: t('overview.by.subject'),
    apiKey: t('overview.by.apiKey'),
    tenant: t('overview.by.tenant'),
  };
  return (
    <section className="portal-panel" ref={section}>
      <div className="portal-panel-head">
        <Title order={2} size="h3" mb="sm">
          {t('overview.breakdown')}
        </Title>
        <Group component="nav" gap={6} aria-label={t('overview.breakdown')}>
          {choices.map((choice) => (
            <Button
              key={choice}
              component={Link}
              to={`?by=${choice}`}
              replace
              preventScrollReset
              size="compact-sm"
              variant={choice === by ? 'light' : 'default'}
              aria-current={choice === by ? 'true' : undefined}
            >
              {words[choice]}
            </Button>
          ))}
        </Group>
      </div>
      {by === 'tenant' ? (
        <ByTenant month={month} heading={words.tenant} />
      ) : (
        <ByDimension by={by} shown={shown} month={month} total={total} heading={words[by]} />
      )}
    </section>
  );
}

/** A link may lead to this part of the page: it is drawn after the page was opened. */
function useScrolledTo() {
  const { hash, key } = useLocation();
  const section = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same link once more leads here once more
  useEffect(() => {
    if (hash === `#${HERE}`) section.current?.scrollIntoView({ block: 'start' });
  }, [hash, key]);
  return section;
}

function ByDimension(props: { by: Breakdown; shown: number; month: Month; total: string; heading: string }) {
  const { by, month } = props;
  const { t } = useTranslation('app');
  const format = useFormat();
  const tenant = useTenantOnShow();
  const addressOf = useUsageAddress(month);
  const totals = useUsageTotals(tenant.id, { by: [by], ...month.thisMonth, limit: props.shown });
  // What is kept from the choice before has nothing of this one.
  const items = totals.isPlaceholderData ? undefined : totals.data;
  const nameOf = useBreakdownNames(
    by,
    (items ?? []).map((item) => idOf(item, by)),
  );
  if (totals.isError && !items) return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />;
  if (!items || !nameOf) return <SkeletonLines rows={5} />;
  if (items.length === 0) return <Nothing text={t('overview.latestEmpty')} />;
  const listed = items.reduce((sum, { charge }) => sum + parseEur(charge), 0n);
  const rest = parseEur(props.total) - listed;
  const toItem = (total: UsageTotal): BarListItem => {
    const id = idOf(total, by);
    const filter = filterOf(by, id);
    const colour = colourOf(by, id);
    return {
      id,
      label: filter ? (
        <Anchor component={Link} to={addressOf(month.thisMonth, filter)} c="inherit" fw={550}>
          {nameOf(id)}
        </Anchor>
      ) : (
        nameOf(id)
      ),
      size: sizeOfEur(total.charge),
      text: <Money amount={total.charge} />,
      note: t('overview.shareNote', {
        share: format.share(sizeOfEur(total.charge), sizeOfEur(props.total)),
        count: total.requests,
        number: format.number(total.requests),
      }),
      ...(colour && { colour }),
    };
  };
  return (
    <div className="overview-list">
      <BarList
        items={items.map(toItem)}
        label={t('overview.breakdown')}
        nameHeading={props.heading}
        valueHeading={t('overview.charged')}
      />
      {items.length === props.shown && rest > 0n && (
        <Anchor component={Link} to={`?by=${by}&all=1`} replace preventScrollReset size="sm" mt="xs" display="block">
          {t('overview.rest', { amount: format.money(formatEur(rest)) })}
        </Anchor>
      )}
    </div>
  );
}

function ByTenant({ month, heading }: { month: Month; heading: string }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const totals = useTenantTotals(month.thisMonth, true);
  const tenants = useTenants(true);
  if (totals.isError && !totals.data) return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />;
  if (!totals.data || !tenants.data) return <SkeletonLines rows={3} />;
  if (totals.data.length === 0) return <Nothing text={t('overview.latestEmpty')} />;
  const names = new Map(tenants.data.map(({ id, name }) => [id, name]));
  const all = totals.data.reduce((sum, { charge }) => sum + parseEur(charge), 0n);
  const toItem = ({ tenantId, charge, requests }: TenantTotal): BarListItem => ({
    id: tenantId,
    label: (
      <Anchor component={Link} to={`/tenants/${tenantId}/overview`} c="inherit" fw={550}>
        {names.get(tenantId) ?? tenantId}
      </Anchor>
    ),
    size: sizeOfEur(charge),
    text: <Money amount={charge} />,
    note: t('overview.shareNote', {
      share: format.share(sizeOfEur(charge), sizeOfEur(formatEur(all))),
      count: requests,
      number: format.number(requests),
    }),
  });
  return (
    <div className="overview-list">
      <BarList
        items={totals.data.map(toItem)}
        label={t('overview.breakdown')}
        nameHeading={heading}
        valueHeading={t('overview.charged')}
      />
    </div>
  );
}
