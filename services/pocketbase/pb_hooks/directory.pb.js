/** What happens with every change of a tenant, product, person, API key or model. */

// Only the changed columns are written: an update rewrites the whole row that it read, so a rename could undo a
// suspension that came in between.
onRecordUpdate((e) => {
  e.record.ignoreUnchangedFields(true);
  e.next();
});

// From here on everything runs in the transaction of the change: its `rev`, its outbox row, and the checks below.
for (const on of [onRecordCreate, onRecordUpdate, onRecordDelete])
  on(
    (e) => require(`${__hooks}/directory-change.js`).inTransaction(e),
    'tenants',
    'products',
    'users',
    'api_keys',
    'models',
  );

onRecordCreate((e) => {
  require(`${__hooks}/tenant.js`).setDefaults(e.record);
  e.next();
}, 'tenants');
onRecordUpdate((e) => {
  require(`${__hooks}/tenant.js`).endSessionsWhereAccessChanged(e.app, e.record);
  e.next();
}, 'tenants');
for (const on of [onRecordCreate, onRecordUpdate])
  on((e) => {
    // After the validation: it wants a list.
    e.next();
    require(`${__hooks}/tenant.js`).refuseTakenDomains(e.app, e.record);
  }, 'tenants');
onRecordValidate((e) => {
  require(`${__hooks}/tenant.js`).check(e.record);
  e.next();
}, 'tenants');
onRecordCreate((e) => {
  require(`${__hooks}/product.js`).setDefaults(e.record);
  e.next();
}, 'products');

onRecordCreate((e) => {
  require(`${__hooks}/person.js`).setDefaults(e.record);
  e.next();
}, 'users');
onRecordUpdate((e) => {
  require(`${__hooks}/person.js`).keepVisible(e.record);
  require(`${__hooks}/person.js`).endSessionsWhereAccessChanged(e.record);
  e.next();
}, 'users');

onRecordCreate((e) => {
  require(`${__hooks}/erasure.js`).refuseErasedId(e);
  e.next();
}, 'users');
// Deleting a person is erasing them.
onRecordDelete((e) => {
  require(`${__hooks}/erasure.js`).prepare(e.app, e.record);
  e.next();
}, 'users');
onRecordAfterDeleteSuccess((e) => {
  e.next();
  require(`${__hooks}/erasure.js`).cleanUp(e.record);
}, 'users');

onRecordCreate((e) => {
  require(`${__hooks}/model.js`).setDefaults(e.record);
  e.next();
}, 'models');
onRecordValidate((e) => {
  require(`${__hooks}/model.js`).check(e.record);
  e.next();
}, 'models');
onRecordUpdate((e) => {
  require(`${__hooks}/model.js`).keepName(e.record);
  e.next();
}, 'models');
onRecordDelete((e) => {
  require(`${__hooks}/tenant.js`).refuseWhereUsed(e.app, e.record);
  e.next();
}, 'tenants');
onRecordDelete((e) => {
  require(`${__hooks}/model.js`).refuseWhereUsed(e.app, e.record);
  e.next();
}, 'models');
onRecordDelete((e) => {
  require(`${__hooks}/product.js`).refuseWhereUsed(e.app, e.record);
  e.next();
}, 'products');

// After the commit: billing hears of it at once. Nothing that goes wrong here touches the change.
for (const on of [onRecordAfterCreateSuccess, onRecordAfterUpdateSuccess, onRecordAfterDeleteSuccess])
  on(
    (e) => {
      e.next();
      require(`${__hooks}/outbox.js`).pushQuietly();
    },
    'tenants',
    'products',
    'users',
    'api_keys',
    'models',
  );

// What was committed before a crash goes out at once, not with the next minute. At other commands than `serve` there is
// nobody to talk to.
onBootstrap((e) => {
  e.next();
  if ($os.args.includes('serve')) require(`${__hooks}/outbox.js`).resumeQuietly();
});

cronAdd('outbox_retry', '* * * * *', () => require(`${__hooks}/outbox.js`).pushQuietly());
cronAdd('outbox_purge', '20 4 * * *', () => require(`${__hooks}/outbox.js`).purge());
cronAdd('usage_logs_purge', '40 4 * * *', () => require(`${__hooks}/usage-log.js`).purge());

// A restored backup may hold people who were erased since: they go before anybody is served.
onBootstrap((e) => {
  e.next();
  require(`${__hooks}/erasure.js`).catchUp();
});
