/**
 * What a model is good for, in the words of those who choose it, and the languages that it answers well in
 * (`de,en,fr`). Empty: nothing is said.
 */
const text = (name, max, more) => new TextField({ name, max, ...more });

migrate((app) => {
  const models = app.findCollectionByNameOrId('models');
  models.fields.add(
    text('description_en', 200),
    text('description_de', 200),
    text('languages', 200, { pattern: '^([a-z]{2,3}(,[a-z]{2,3})*)?$' }),
  );
  app.save(models);
  // A new revision, or no copy would take the new fields over.
  app
    .db()
    .newQuery(
      "UPDATE directory_revision SET rev = MAX(rev + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER)) WHERE EXISTS (SELECT 1 FROM models)",
    )
    .execute();
  app.db().newQuery('UPDATE models SET rev = (SELECT rev FROM directory_revision)').execute();
});
