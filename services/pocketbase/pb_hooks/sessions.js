/** Ending everything that somebody is signed in with, on every device: by an admin, or by the person themself. */
const audit = require(`${__hooks}/audit.js`);
const { inLanguageOf } = require(`${__hooks}/language.js`);

const TEXTS = {
  unknown: {
    de: 'Hier gibt es niemanden mit dieser Kennung.',
    en: 'There is nobody with this id here.',
  },
  platformAdmin: {
    de: 'Die Sitzungen eines Plattform-Admins kann nur ein Plattform-Admin beenden.',
    en: 'Only a platform admin may end the sessions of a platform admin.',
  },
};

function findPerson(id) {
  try {
    return $app.findRecordById('users', id);
  } catch (_) {
    return null;
  }
}

/** @throws NotFoundError, ForbiddenError where `auth` may not; to whom they are not shown, they do not exist */
function personFor(auth, id) {
  const say = inLanguageOf(auth, TEXTS);
  if (!auth.isSuperuser()) require(`${__hooks}/person.js`).principal(auth);
  const person = findPerson(id);
  const role = auth.isSuperuser() ? 'superuser' : auth.getString('role');
  const isSelf = !auth.isSuperuser() && auth.id === id;
  const ofOwnTenant = person && role === 'tenant_admin' && auth.getString('tenant') === person.getString('tenant');
  if (!person || !(isSelf || ofOwnTenant || ['platform_admin', 'superuser'].includes(role)))
    throw new NotFoundError(say('unknown'));
  if (!isSelf && role === 'tenant_admin' && person.getString('role') === 'platform_admin')
    throw new ForbiddenError(say('platformAdmin'));
  return person;
}

module.exports = {
  /**
   * The route. Sessions are over at once; access tokens that came of them are refused by billing (and with it by the
   * proxy) as soon as it hears of the moment. API keys stay.
   */
  end(e) {
    const { id } = personFor(e.auth, e.request.pathValue('id'));
    const at = new DateTime();
    $app.runInTransaction((tx) => {
      const person = tx.findRecordById('users', id);
      audit.recordUpdate(tx, e.auth, e.realIP(), person, () => {
        person.set('sessions_ended', at);
        person.refreshTokenKey();
        tx.save(person);
      });
    });
    return { subjectId: id, at: at.string().replace(' ', 'T') };
  },

  /** Whatever a client sends: the moment is set by the route alone. */
  keepMoment(e) {
    if (e.auth?.isSuperuser()) return;
    e.record.set('sessions_ended', e.record.isNew() ? '' : e.record.original().getDateTime('sessions_ended'));
  },
};
