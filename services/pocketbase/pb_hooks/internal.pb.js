/** Routes for identity and billing (bearer: INTERNAL_SECRET), and the one that names the person of a session. */

routerAdd('GET', '/api/internal/directory-pages', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  const page = require(`${__hooks}/directory.js`).page(e.requestInfo().query);
  return e.blob(200, 'application/json', toBytes(page));
});

routerAdd('POST', '/api/internal/usage-logs', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/usage-log.js`).write(e.requestInfo().body));
});

routerAdd('POST', '/api/internal/api-keys', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/api-key.js`).create(e.requestInfo().body, e.realIP()));
});

routerAdd('POST', '/api/internal/imports', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/import.js`).run(e.requestInfo().body));
});

routerAdd('POST', '/api/internal/audit-logs', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/audit-money.js`).write(e.requestInfo().body));
});

// Both sides' lists of erasures become one, here and in the answer.
routerAdd('POST', '/api/internal/erasures', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/erasure.js`).unite(e.requestInfo().body));
});

routerAdd('POST', '/api/internal/outbox/flush', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/outbox.js`).push({ everything: true }));
});

routerAdd(
  'GET',
  '/api/internal/principal',
  (e) => e.json(200, require(`${__hooks}/person.js`).principal(e.auth)),
  $apis.requireAuth(),
);

routerAdd('GET', '/api/internal/people/{id}', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/person.js`).ofDirectory(e.request.pathValue('id')));
});

routerAdd('POST', '/api/internal/mails', (e) => {
  require(`${__hooks}/internal-caller.js`).check(e);
  return e.json(200, require(`${__hooks}/budget-mail.js`).send(e.requestInfo().body));
});
