/** What holds for changes and reads that come through the API, beyond the access rules. */

// The second lock behind the update rule: whoever is not a platform admin hands out no platform admin and no tenant.
for (const on of [onRecordCreateRequest, onRecordUpdateRequest])
  on((e) => {
    require(`${__hooks}/person.js`).checkReach(e);
    require(`${__hooks}/sessions.js`).keepMoment(e);
    e.next();
  }, 'users');

onRecordCreateRequest((e) => {
  require(`${__hooks}/tenant.js`).setSignInDefault(e);
  e.next();
}, 'tenants');
for (const on of [onRecordCreateRequest, onRecordUpdateRequest])
  on((e) => {
    require(`${__hooks}/content-log.js`).keepDays(e);
    e.next();
  }, 'tenants');
routerAdd(
  'POST',
  '/api/tenants/{id}/content-log',
  (e) => e.json(200, require(`${__hooks}/content-log.js`).change(e)),
  $apis.requireAuth(),
);

// By password, single sign-on or code, and at each renewal of a session.
onRecordAuthRequest((e) => {
  require(`${__hooks}/person.js`).checkSignIn(e);
  e.next();
}, 'users');

// Before the transaction of the change, which would take the count back with it.
onRecordUpdateRequest((e) => require(`${__hooks}/sign-in.js`).withOldPassword(e), 'users');

// Who changed what, in the transaction of the change.
onRecordCreateRequest(
  (e) => require(`${__hooks}/audit.js`).around(e, 'create'),
  'tenants',
  'products',
  'users',
  'api_keys',
  'models',
  '_superusers',
  '_externalAuths',
);
onRecordUpdateRequest(
  (e) => require(`${__hooks}/audit.js`).around(e, 'update'),
  'tenants',
  'products',
  'users',
  'api_keys',
  'models',
  '_superusers',
  '_externalAuths',
);
onRecordDeleteRequest(
  (e) => require(`${__hooks}/audit.js`).around(e, 'delete'),
  'tenants',
  'products',
  'users',
  'api_keys',
  'models',
  '_superusers',
  '_externalAuths',
);

// Who asked for an erasure; the deletion itself does the rest.
onRecordDeleteRequest((e) => {
  require(`${__hooks}/erasure.js`).noteRequest(e);
  e.next();
}, 'users');
routerAdd(
  'POST',
  '/api/people/{id}/erasure',
  (e) => e.json(200, require(`${__hooks}/erasure.js`).erase(e)),
  $apis.requireAuth(),
);
routerAdd(
  'POST',
  '/api/people/{id}/end-sessions',
  (e) => e.json(200, require(`${__hooks}/sessions.js`).end(e)),
  $apis.requireAuth(),
);
// What is kept of somebody, for themself and for admins in whose reach they are.
routerAdd('GET', '/api/people/{id}/export', (e) => require(`${__hooks}/export.js`).send(e), $apis.requireAuth());

routerAdd(
  'GET',
  '/api/counts/people',
  (e) => e.json(200, require(`${__hooks}/people-count.js`).ofTenant(e)),
  $apis.requireAuth('users'),
);
routerAdd(
  'GET',
  '/api/counts/people-by-product',
  (e) => e.json(200, require(`${__hooks}/people-count.js`).byProduct(e)),
  $apis.requireAuth('users'),
);

// What no record's request tells: mailed links, settings, collections and their rules.
onRecordConfirmPasswordResetRequest((e) => require(`${__hooks}/audit-server.js`).aroundLink(e, 'password'), 'users');
onRecordConfirmEmailChangeRequest((e) => require(`${__hooks}/audit-server.js`).aroundLink(e, 'email'), 'users');
onRecordConfirmVerificationRequest((e) => require(`${__hooks}/audit-server.js`).aroundLink(e, 'verified'), 'users');
onSettingsUpdateRequest((e) => require(`${__hooks}/audit-server.js`).aroundSettings(e));
onCollectionCreateRequest((e) => require(`${__hooks}/audit-server.js`).aroundCollection(e, 'create'));
onCollectionUpdateRequest((e) => require(`${__hooks}/audit-server.js`).aroundCollection(e, 'update'));
onCollectionDeleteRequest((e) => require(`${__hooks}/audit-server.js`).aroundCollection(e, 'delete'));
onCollectionsImportRequest((e) => require(`${__hooks}/audit-server.js`).aroundImport(e));

// Append-only for superusers too; triggers in the database hold where this doesn't reach.
for (const on of [onRecordUpdateRequest, onRecordDeleteRequest])
  on(
    () => {
      throw new ForbiddenError('This log is append-only.');
    },
    'usage_logs',
    'audit_logs',
    'erasures',
  );
// Usage rows come from billing, audit rows from the hook above, outbox rows from the directory's changes.
onRecordCreateRequest(
  () => {
    throw new ForbiddenError('Nobody writes here through the API.');
  },
  'usage_logs',
  'audit_logs',
  'outbox',
  'erasures',
);

// What confidential.go hides is not to be found out by a filter or an order either.
onRecordsListRequest((e) => {
  require(`${__hooks}/list-filter.js`).checkList(e);
  e.next();
});
onRealtimeSubscribeRequest((e) => {
  require(`${__hooks}/list-filter.js`).checkSubscriptions(e);
  e.next();
});

// Without SMTP, PocketBase would call the machine's sendmail.
onMailerSend((e) => {
  if (e.app.settings().smtp.enabled) return e.next();
  e.app.logger().info('e-mail not sent: SMTP is not configured', 'subject', e.message.subject);
});
