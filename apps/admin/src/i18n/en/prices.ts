export const prices = {
  prices: { since: 'since' },
  rates: { stale: 'The exchange rate is older than five days.' },
};
