import type { UsageActivity } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { describeFirstTokens } from './first-token.ts';
import { type DaysOfTenant, readActivity } from './usage-activity.store.ts';

/** Active people and times to the first token, by day and over all of the days. */
export async function readUsageActivity(pool: Pool, days: DaysOfTenant): Promise<UsageActivity> {
  const { people, firstTokens } = await readActivity(pool, days);
  const ofDay = Map.groupBy(firstTokens, ({ day }) => day);
  return {
    people: people.find(({ day }) => day === null)?.people ?? 0,
    firstToken: describeFirstTokens(firstTokens),
    days: people.flatMap(({ day, people: active }) =>
      day === null ? [] : [{ day, people: active, firstToken: describeFirstTokens(ofDay.get(day) ?? []) }],
    ),
  };
}
