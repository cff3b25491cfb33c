/** Audit rows of what no record tells: an account changed by a mailed link, the server's settings, collections and rules. */
const audit = require(`${__hooks}/audit.js`);

const RULES = ['listRule', 'viewRule', 'createRule', 'updateRule', 'deleteRule', 'authRule', 'manageRule'];
const NOT_KEPT = '[not kept]';
const plain = (value) => JSON.parse(JSON.stringify(value));

/** Runs the rest of a request and writes the row that `entryOf` makes afterwards, in one transaction. */
function withRow(e, entryOf) {
  const app = e.app;
  try {
    app.runInTransaction((tx) => {
      e.app = tx;
      e.next();
      audit.write(tx, entryOf());
    });
  } finally {
    e.app = app;
  }
}

const bySuperuser = (e) => ({ actor: e.auth.id, actor_role: 'superuser', ip: audit.networkOf(e.realIP()), tenant: '' });
const about = (action, collection, id) => ({ action, target_collection: collection, target_id: id });

function rulesOf(collection) {
  const values = plain(collection);
  return Object.fromEntries(RULES.filter((rule) => rule in values).map((rule) => [rule, values[rule] ?? 'superusers']));
}

module.exports = {
  /** `field`: what the link was for. It was mailed to the person, so the person is who acted. */
  aroundLink(e, field) {
    const person = e.record;
    withRow(e, () => ({
      actor: person.id,
      actor_role: person.getString('role'),
      ip: audit.networkOf(e.realIP()),
      tenant: person.getString('tenant'),
      ...about('update', 'users', person.id),
      before: {},
      after: { [field]: NOT_KEPT },
    }));
  },

  /** Which sections changed; their values hold addresses and secrets. */
  aroundSettings(e) {
    const [before, after] = [plain(e.oldSettings), plain(e.newSettings)];
    const sections = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
    withRow(e, () => ({
      ...bySuperuser(e),
      ...about('update', 'settings', 'settings'),
      before: {},
      after: Object.fromEntries(sections.map((name) => [name, NOT_KEPT])),
    }));
  },

  /** Rules before and after; of fields only that they may have changed. */
  aroundCollection(e, action) {
    const before =
      action === 'create'
        ? {}
        : rulesOf(action === 'delete' ? e.collection : $app.findCollectionByNameOrId(e.collection.id));
    const after = action === 'delete' ? {} : rulesOf(e.collection);
    const { id, name } = e.collection;
    withRow(e, () => ({
      ...bySuperuser(e),
      ...about(action, 'collections', id),
      before,
      after: { name, ...after },
    }));
  },

  aroundImport(e) {
    withRow(e, () => ({ ...bySuperuser(e), ...about('update', 'collections', 'import'), before: {}, after: {} }));
  },
};
