/** A key's limits stay what they were made with, as its budget does: only a platform admin changes them. */
const BUDGET_UNCHANGED = '@request.body.monthly_budget_eur:changed = false';
const LIMITS_UNCHANGED = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests']
  .map((kind) => `@request.body.${kind}:changed = false`)
  .join(' && ');

migrate((app) => {
  const keys = app.findCollectionByNameOrId('api_keys');
  keys.updateRule = keys.updateRule.replaceAll(BUDGET_UNCHANGED, `${BUDGET_UNCHANGED} && ${LIMITS_UNCHANGED}`);
  app.save(keys);
});
