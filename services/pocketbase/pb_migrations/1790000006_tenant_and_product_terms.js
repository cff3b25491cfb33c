/**
 * What the type of a tenant means (expiry of a demo, single sign-on and retention of an enterprise) and the further
 * terms of a product. Records that are there already get a new revision, so that billing reads their new fields.
 */
const EUR = '^\\d{1,10}(\\.\\d{1,9})?$';
const DEMO_DAYS = 30;

function extendTenants(app) {
  const tenants = app.findCollectionByNameOrId('tenants');
  tenants.fields.add(
    new DateField({ name: 'expires_at' }),
    new BoolField({ name: 'single_sign_on_required' }),
    // 0: the platform's rule.
    new NumberField({ name: 'retention_days', onlyInt: true, min: 0, max: 3650 }),
  );
  app.save(tenants);
}

function extendProducts(app) {
  const products = app.findCollectionByNameOrId('products');
  products.fields.add(
    // What is left of a month's budget and goes on to the next, at most; empty: nothing.
    new TextField({ name: 'carry_over_cap_eur', pattern: EUR }),
    new SelectField({ name: 'region_rule', maxSelect: 1, values: ['any', 'eu'] }),
  );
  app.save(products);
  app.db().newQuery("UPDATE products SET region_rule = 'any'").execute();
  products.fields.getByName('region_rule').required = true;
  app.save(products);
}

function fillExisting(app) {
  const run = (query) => app.db().newQuery(query).execute();
  run("UPDATE directory_revision SET rev = MAX(rev + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER))");
  run(
    `UPDATE tenants SET expires_at = strftime('%Y-%m-%d %H:%M:%fZ', 'now', '+${DEMO_DAYS} days') WHERE type = 'demo'`,
  );
  run("UPDATE tenants SET markup_percent = '0' WHERE type = 'internal'");
  run("UPDATE tenants SET domains = '[]' WHERE domains IS NULL OR domains IN ('', 'null')");
  for (const table of ['tenants', 'products']) run(`UPDATE ${table} SET rev = (SELECT rev FROM directory_revision)`);
}

migrate((app) => {
  extendTenants(app);
  extendProducts(app);
  fillExisting(app);
});
