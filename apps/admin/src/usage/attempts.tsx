import type { UsageDetail } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorKindWords } from './words.ts';

/** The deployments that were tried, in their order, and why the first ones failed. */
export function Attempts({ detail }: { detail: UsageDetail }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const kindOf = useErrorKindWords();
  const broken = detail.outcome === 'upstream_error';
  return (
    <ol className="usage-attempts">
      {detail.failedAttempts.map(({ deployment, kind, startedMs, endedMs }) => (
        <li key={`${startedMs} ${deployment}`} data-failed>
          <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
          <span>
            {deployment}: {kindOf(kind)}
            <Text span size="xs" c="dimmed" display="block">
              {t('detail.attemptAt', {
                start: format.duration(startedMs),
                duration: format.duration(Math.max(0, endedMs - startedMs)),
              })}
            </Text>
          </span>
        </li>
      ))}
      <li data-failed={broken || undefined}>
        {broken ? (
          <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
        ) : (
          <IconCircleCheck size={16} stroke={1.8} aria-hidden />
        )}
        <span>
          {detail.deployment ?? detail.upstreamModel}:{' '}
          {broken && detail.errorKind !== null ? kindOf(detail.errorKind) : t('detail.attemptOk')}
        </span>
      </li>
    </ol>
  );
}
