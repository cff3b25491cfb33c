import type { FailureGroup, UsageTotal } from '@cloudfreedom/contracts';
import { providerOf, providerTitle, useFormat } from '@cloudfreedom/ui';
import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHandStop, IconMailQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { failedRequests, troubledProviders } from './trouble.ts';
import { type Month, useUsageAddress } from './use-month.ts';

interface AttentionProps {
  month: Month;
  byProvider: readonly UsageTotal[] | undefined;
  failures: readonly FailureGroup[] | undefined;
  /** What is broken could not be found out. */
  failed: boolean;
  /** Requests for more budget that nobody has decided. */
  waiting: number;
}

/** Is anything broken, was anybody stopped, does anybody wait? Says so, with the way to the rows, or says that nothing is. */
export function Attention({ month, byProvider, failures, failed, waiting }: AttentionProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const addressOf = useUsageAddress(month);
  if (failed)
    return (
      <ul className="overview-attention">
        <li data-state="broken">
          <IconAlertTriangle size={18} aria-hidden />
          {t('overview.attentionFailed')}
        </li>
      </ul>
    );
  if (!byProvider || !failures) return null;
  const troubled = troubledProviders(byProvider);
  const { stopped, unanswered } = failedRequests(failures);
  const errors = addressOf(month.todayOnly, {}, 'usage/errors');
  return (
    <ul className="overview-attention">
      {troubled.length === 0 && unanswered === 0 && (
        <li data-state="fine">
          <IconCircleCheck size={18} aria-hidden />
          {t('overview.fine')}
        </li>
      )}
      {troubled.map(({ provider = '', ...total }) => {
        const known = providerOf(provider);
        return (
          <Notice
            key={provider}
            to={addressOf(month.todayOnly, { provider, outcome: 'upstream_error' })}
            state="broken"
          >
            {t('overview.broken', {
              provider: known ? providerTitle(known) : t('overview.customProvider'),
              errors: format.number(total.errors),
              requests: format.number(total.requests),
            })}
          </Notice>
        );
      })}
      {unanswered > 0 && (
        <Notice to={errors} state="broken">
          {t('overview.unanswered', { count: unanswered, number: format.number(unanswered) })}
        </Notice>
      )}
      {stopped > 0 && (
        <Notice to={errors} state="stopped">
          {t('overview.stopped', { count: stopped, number: format.number(stopped) })}
        </Notice>
      )}
      {waiting > 0 && (
        <Notice to="../requests" state="waiting">
          {t('overview.waiting', { count: waiting, number: format.number(waiting) })}
        </Notice>
      )}
    </ul>
  );
}

const ICONS = { broken: IconAlertTriangle, stopped: IconHandStop, waiting: IconMailQuestion };

function Notice({ to, state, children }: { to: string; state: keyof typeof ICONS; children: ReactNode }) {
  const Icon = ICONS[state];
  return (
    <li data-state={state}>
      <Icon size={18} aria-hidden />
      <Anchor component={Link} to={to} inherit c="inherit" underline="always">
        {children}
      </Anchor>
    </li>
  );
}
