import type { UsageDetail } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';

interface Part {
  name: string;
  kind: 'waiting' | 'first' | 'rest';
  durationMs: number | null;
}

/** Waiting, then to the first token, then the rest: one bar, and the same in numbers. */
export function Timings({ detail }: { detail: UsageDetail }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { waitedMs, firstByteMs, totalMs } = detail;
  const begun = waitedMs ?? 0;
  const parts: Part[] = [
    { name: t('detail.waiting'), kind: 'waiting', durationMs: waitedMs },
    {
      name: t('detail.firstToken'),
      kind: 'first',
      durationMs: firstByteMs === null ? null : Math.max(0, firstByteMs - begun),
    },
    { name: t('detail.rest'), kind: 'rest', durationMs: Math.max(0, totalMs - (firstByteMs ?? begun)) },
  ];
  const text = (durationMs: number | null) => (durationMs === null ? t('detail.untold') : format.duration(durationMs));
  return (
    <>
      <div className="usage-timings" aria-hidden>
        {parts.map(({ kind, durationMs }) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: durationMs ?? 0 }} />
        ))}
      </div>
      <dl className="portal-details">
        {parts.map(({ name, kind, durationMs }) => (
          <div key={kind}>
            <dt className="usage-timing">
              <span className="usage-dot" data-kind={kind} aria-hidden />
              {name}
            </dt>
            <dd className="cf-number">{text(durationMs)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('detail.whole')}</dt>
          <dd className="cf-number">{format.duration(totalMs)}</dd>
        </div>
      </dl>
    </>
  );
}
