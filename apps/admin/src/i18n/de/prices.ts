import type { SameTexts } from '@cloudfreedom/ui';
import type { prices as english } from '../en/prices.ts';

export const prices: SameTexts<typeof english> = {
  prices: { since: 'seit' },
  rates: { stale: 'Der Wechselkurs ist älter als fünf Tage.' },
};
