export const overview = {
  overview: {
    spent: 'Spent in {{month}}',
    ofLimit: 'of {{limit}}',
    noLimit: 'This tenant has no budget of its own; the budgets of its people count.',
    period: 'The budget period {{end}}.',
    topPeople: 'Highest spend',
    topPeopleEmpty: 'Nobody has spent anything this month.',
    allPeople: 'All people',
    latest: 'Latest requests',
    latestEmpty: 'No requests yet. They appear here as soon as somebody writes to a model.',
    allUsage: 'All usage',
    budgetOf: 'Budget of {{name}}',
    tenantBudget: 'Budget of the tenant',
  },
};
