import type { UsageActivity, UsageTotal } from '@cloudfreedom/contracts';
import { Money, useFormat } from '@cloudfreedom/ui';
import { Anchor, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countIn, type Month, useUsageAddress } from './use-month.ts';

interface FiguresProps {
  month: Month;
  /** undefined: on its way. null: nothing today. `failed`: could not be loaded. */
  today: UsageTotal | null | undefined | 'failed';
  daily: readonly UsageTotal[] | undefined;
  activity: UsageActivity | undefined | 'failed';
}

/** Five figures; each opens what it is made of. */
export function Figures({ month, today, daily, activity }: FiguresProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const addressOf = useUsageAddress(month);
  const requests = daily && countIn(daily, month.thisMonth, 'requests');
  const errors = daily && countIn(daily, month.thisMonth, 'errors');
  const { people, firstToken } = useActivityWords(activity, month.today);
  const inMonth = { from: month.first, to: month.end };
  return (
    <ul className="overview-figures">
      <Figure
        name={t('overview.today')}
        to={addressOf(month.todayOnly)}
        note={today === 'failed' ? t('overview.notLoaded') : t('overview.todayNote', { count: today?.requests ?? 0 })}
      >
        {today === 'failed' ? '–' : today !== undefined && <Money amount={today?.charge ?? '0.00'} />}
      </Figure>
      <Figure
        name={t('overview.requests')}
        to={addressOf(inMonth)}
        noteTo={addressOf(month.monthBefore)}
        note={
          daily &&
          t('overview.requestsNote', {
            count: countIn(daily, month.monthBefore, 'requests'),
            number: format.number(countIn(daily, month.monthBefore, 'requests')),
          })
        }
      >
        {requests !== undefined && format.number(requests)}
      </Figure>
      <Figure
        name={t('overview.activePeople')}
        to="?by=subject#breakdown"
        noteTo={addressOf(month.todayOnly)}
        note={people.note}
      >
        {people.figure}
      </Figure>
      <Figure
        name={t('overview.errors')}
        to={addressOf(inMonth, { outcome: 'upstream_error' })}
        note={
          requests !== undefined &&
          errors !== undefined &&
          t('overview.errorsNote', { share: format.share(errors, requests) })
        }
      >
        {errors !== undefined && format.number(errors)}
      </Figure>
      <Figure name={t('overview.firstToken')} to={addressOf(inMonth)} note={firstToken.note}>
        {firstToken.figure}
      </Figure>
    </ul>
  );
}

interface Said {
  figure?: string;
  note?: string;
}

/** Nothing of it: on its way. */
function useActivityWords(activity: FiguresProps['activity'], today: string): { people: Said; firstToken: Said } {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (activity === undefined) return { people: {}, firstToken: {} };
  if (activity === 'failed') {
    const failed = { figure: '–', note: t('overview.notLoaded') };
    return { people: failed, firstToken: failed };
  }
  const ofToday = activity.days.find(({ day }) => day === today);
  const { medianMs, slowMs } = activity.firstToken;
  return {
    people: {
      figure: format.number(activity.people),
      note: t('overview.activePeopleNote', { number: format.number(ofToday?.people ?? 0) }),
    },
    firstToken: {
      figure: medianMs === null ? '–' : format.duration(medianMs),
      note:
        slowMs === null
          ? t('overview.firstTokenNone')
          : t('overview.firstTokenNote', { time: format.duration(slowMs) }),
    },
  };
}

interface FigureProps {
  name: string;
  to: string;
  note: ReactNode;
  /** Where the note's number leads, if not to the same rows. */
  noteTo?: string;
  children: ReactNode;
}

function Figure(props: FigureProps) {
  const isWaiting = props.children === undefined || props.children === false;
  return (
    <li className="portal-panel overview-figure">
      <Anchor component={Link} to={props.to} c="inherit" underline="never" className="overview-figure-link">
        <span className="overview-figure-name">{props.name}</span>
        <span className="overview-figure-value">
          {isWaiting ? <Skeleton height={26} width={90} my={5} /> : props.children}
        </span>
      </Anchor>
      <span className="overview-note">
        {!props.note ? (
          <Skeleton height={12} width={120} mt={6} />
        ) : props.noteTo ? (
          <Anchor component={Link} to={props.noteTo} inherit c="inherit" className="overview-figure-note">
            {props.note}
          </Anchor>
        ) : (
          props.note
        )}
      </span>
    </li>
  );
}
