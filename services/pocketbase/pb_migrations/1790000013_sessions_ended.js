/** When somebody's sessions were last ended on purpose: what was issued before it counts no more, access tokens too. */
migrate((app) => {
  const users = app.findCollectionByNameOrId('users');
  users.fields.add(new DateField({ name: 'sessions_ended' }));
  app.save(users);
});
