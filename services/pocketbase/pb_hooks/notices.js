/**
 * Mails about what happened to somebody's sign-in. They are put down in the transaction of what they tell of and sent by
 * a cron job: no answer waits for a mail server, and none tells by its time whether an account exists.
 */
const mail = require(`${__hooks}/mail.js`);
const links = require(`${__hooks}/app-links.js`);
const AT_ONCE = 100;
const GIVEN_UP_AFTER_SECONDS = 24 * 60 * 60;
const SENDING = 'sign_in_notices_sending';
const WITH_LINK = ['password_changed', 'account_waits'];
const FORMATS = { de: '02.01.2006 um 15:04 Uhr (MST)', en: '2 January 2006 at 15:04 (MST)' };

function due(app) {
  const rows = arrayOf(new DynamicModel({ id: 0, person: '', kind: '', address: '', at: 0 }));
  app.db().newQuery(`SELECT * FROM sign_in_notices ORDER BY id LIMIT ${AT_ONCE}`).all(rows);
  return rows.map(({ id, person, kind, address, at }) => ({ id, person, kind, address, at }));
}

const remove = (app, id) => app.db().newQuery('DELETE FROM sign_in_notices WHERE id = {:id}').bind({ id }).execute();

function timeFor(app, person, at) {
  const tenant = app.findRecordById('tenants', person.getString('tenant'));
  const zone = new Timezone(tenant.getString('time_zone'));
  const format = FORMATS[person.getString('locale')] || FORMATS.de;
  return new DateTime(new Date(at * 1000).toISOString()).time().in(zone).format(format);
}

function send(app, { person: personId, kind, address, at }) {
  const found = app.findRecordsByFilter('users', 'id = {:id}', '', 1, 0, { id: personId });
  if (found.length === 0) return;
  const [person] = found;
  const url = WITH_LINK.includes(kind) ? links.to(app, person, '/forgot-password') : '';
  mail.send(app, kind, person, address, { url, time: timeFor(app, person, at) });
}

module.exports = {
  /** @param kind of the mail's texts @param address the one it goes to: after a change, the one before */
  add(app, person, kind, address) {
    if (!app.settings().smtp.enabled || address === '') return;
    app
      .db()
      .newQuery(
        'INSERT INTO sign_in_notices (person, kind, address, at) VALUES ({:person}, {:kind}, {:address}, unixepoch())',
      )
      .bind({ person: person.id, kind, address })
      .execute();
  },

  sendDue(app) {
    // With a slow mail server the job before may still be at it: nobody gets a mail twice.
    if (app.store().get(SENDING)) return;
    app.store().set(SENDING, true);
    try {
      module.exports.sendAll(app);
    } finally {
      app.store().remove(SENDING);
    }
  },

  sendAll(app) {
    for (const notice of due(app))
      try {
        send(app, notice);
        remove(app, notice.id);
      } catch (error) {
        app.logger().warn('a notice could not be sent', 'kind', notice.kind, 'error', `${error}`);
        if (Date.now() / 1000 - notice.at > GIVEN_UP_AFTER_SECONDS) remove(app, notice.id);
      }
  },
};
