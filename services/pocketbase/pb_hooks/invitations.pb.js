/** Inviting people: by admins, accepted by whoever holds the link. Listed and withdrawn as records, by their rules. */

routerAdd(
  'POST',
  '/api/invitations',
  (e) => e.json(200, require(`${__hooks}/invitation.js`).create(e)),
  $apis.requireAuth('users'),
);
routerAdd(
  'POST',
  '/api/invitations/{id}/send',
  (e) => e.json(200, require(`${__hooks}/invitation.js`).sendAgain(e)),
  $apis.requireAuth('users'),
);
routerAdd('POST', '/api/invitations/open', (e) =>
  e.json(200, require(`${__hooks}/invitation.js`).open(e.requestInfo().body.token)),
);
routerAdd('POST', '/api/invitations/accept', (e) => e.json(200, require(`${__hooks}/invitation.js`).accept(e)));
routerAdd('POST', '/api/invitations/renew', (e) => {
  require(`${__hooks}/invitation.js`).renewExpired(e.requestInfo().body.token);
  return e.noContent(204);
});
onRecordDeleteRequest((e) => require(`${__hooks}/audit.js`).around(e, 'delete'), 'invitations');
cronAdd('invitations_purge', '55 4 * * *', () => require(`${__hooks}/invitation.js`).purge());
