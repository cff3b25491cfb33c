export const budget = {
  budget: {
    label: 'Your budget this month',
    open: 'Budget: {{summary}}. Show details',
    free: '{{amount}} free',
    spent: '{{amount}} spent',
    month: 'Your budget for {{month}}',
    period: 'The budget period {{end}}.',
    holds: 'Held for running requests',
    unavailable: 'Budget unavailable',
  },
};
