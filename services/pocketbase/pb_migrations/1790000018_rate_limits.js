/**
 * Limits of a key, a person and a tenant of their own, and of all people of a product together. A person's are an admin's to
 * set, as the budget is; those of a key only narrow what its owner may do.
 */
const KINDS = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'];
const BUDGET_UNCHANGED = '@request.body.budget_override_eur:changed = false';
const LIMITS_UNCHANGED = KINDS.map((kind) => `@request.body.${kind}:changed = false`).join(' && ');

migrate((app) => {
  for (const name of ['tenants', 'products', 'users', 'api_keys']) {
    const collection = app.findCollectionByNameOrId(name);
    for (const kind of KINDS) {
      const field = name === 'products' ? `shared_${kind}` : kind;
      collection.fields.add(new NumberField({ name: field, onlyInt: true, min: 0, max: 1_000_000_000 }));
    }
    app.save(collection);
  }
  // Each place that keeps a budget of one's own from being raised.
  const users = app.findCollectionByNameOrId('users');
  users.updateRule = users.updateRule.replaceAll(BUDGET_UNCHANGED, `${BUDGET_UNCHANGED} && ${LIMITS_UNCHANGED}`);
  app.save(users);
});
