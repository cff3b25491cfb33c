/** What a model makes: answers to a chat, or vectors of a text. All models so far are for chats. */
migrate((app) => {
  const models = app.findCollectionByNameOrId('models');
  models.fields.add(new SelectField({ name: 'kind', required: true, maxSelect: 1, values: ['chat', 'embedding'] }));
  app.save(models);
  app.db().newQuery("UPDATE `models` SET `kind` = 'chat' WHERE `kind` = ''").execute();
});
