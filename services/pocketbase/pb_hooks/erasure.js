/**
 * Erasing a person: the record goes with keys, sessions and outside accounts, what logs tell of them is blacked out, and
 * an opaque id stays in the list of erasures. Every deletion of a person is an erasure, whoever asks for it and where.
 */
const attempts = require(`${__hooks}/attempts.js`);
const audit = require(`${__hooks}/audit.js`);
const { inLanguageOf } = require(`${__hooks}/language.js`);

const TEXTS = {
  unknown: {
    de: 'Hier gibt es niemanden mit dieser Kennung.',
    en: 'There is nobody with this id here.',
  },
  adminsOnly: {
    de: 'Admins können nur von einem Plattform-Admin gelöscht werden.',
    en: 'Only a platform admin may erase an admin.',
  },
  passwordMissing: {
    de: 'Das Feld password fehlt: Wer sich selbst löscht, bestätigt es mit dem eigenen Passwort. Ohne Passwort hilft ein Admin.',
    en: 'The field password is missing: whoever erases themself confirms it with their password. Without one, ask an admin.',
  },
  passwordWrong: { de: 'Das Passwort stimmt nicht.', en: 'The password is not right.' },
  lastAdmin: {
    de: 'Das ist der letzte aktive Plattform-Admin: Zuerst muss es einen anderen geben.',
    en: 'This is the last active platform admin: make another one first.',
  },
  erasedId: {
    de: 'Unter dieser Kennung wurde jemand gelöscht. Sie wird nicht wieder vergeben.',
    en: 'Somebody was erased under this id. It is never used again.',
  },
};

function findErasure(app, subject) {
  return app.findRecordsByFilter('erasures', 'subject = {:subject}', '', 1, 0, { subject })[0];
}

const toContract = (row) => ({
  subjectId: row.getString('subject'),
  tenantId: row.getString('tenant'),
  at: row.getString('at').replace(' ', 'T'),
  by: row.getString('erased_by'),
});

/** One row per person; a later call changes nothing. */
function note(tx, { subject, tenant, by, at }) {
  if (findErasure(tx, subject)) return;
  const row = new Record(tx.findCollectionByNameOrId('erasures'));
  row.set('subject', subject);
  row.set('tenant', tenant);
  row.set('erased_by', by);
  row.set('at', at || new DateTime());
  tx.save(row);
}

/** Fields stay named, values go. The trigger on the table lets nothing else through. */
function blackOutAudit(tx, subject) {
  const run = (sql) => tx.db().newQuery(sql).bind({ subject }).execute();
  run("UPDATE audit_logs SET ip = '' WHERE actor = {:subject} AND ip <> ''");
  for (const column of ['before', 'after'])
    run(
      `UPDATE audit_logs SET ${column} = (SELECT json_group_object(key, '[erased]') FROM json_each(audit_logs.${column}))
       WHERE target_collection = 'users' AND target_id = {:subject} AND json_type(${column}) = 'object'`,
    );
}

/** Changes that still wait for billing: a tombstone comes after them and is all that counts. */
function emptyOutbox(tx, subject) {
  tx.db()
    .newQuery(
      `DELETE FROM outbox WHERE (collection = 'users' AND record_id = {:subject})
       OR (collection = 'api_keys' AND record_id IN (SELECT id FROM api_keys WHERE user = {:subject}))`,
    )
    .bind({ subject })
    .execute();
}

/** Around sign-in: mails that wait, wrong passwords, invitations to them, and their name on those that they sent. */
function emptySignIn(tx, person) {
  const values = { subject: person.id, email: person.email() };
  for (const sql of [
    'DELETE FROM sign_in_notices WHERE person = {:subject}',
    'DELETE FROM invitations WHERE email = {:email} COLLATE NOCASE',
    "UPDATE invitations SET invited_by_name = '' WHERE invited_by = {:subject}",
  ])
    tx.db().newQuery(sql).bind(values).execute();
  attempts.clear(tx, attempts.hash('users', values.email, ''));
  attempts.clear(tx, attempts.hash('codes', person.id, ''));
}

function isLastPlatformAdmin(app, person) {
  if (person.getString('role') !== 'platform_admin') return false;
  const others = 'role = "platform_admin" && status = "active" && tenant.status = "active" && id != {:id}';
  return app.findRecordsByFilter('users', others, '', 1, 0, { id: person.id }).length === 0;
}

/** @throws ApiError where `auth` may not erase this person; to whom they are not shown, they do not exist */
function checkReach(app, auth, person, password) {
  const say = inLanguageOf(auth, TEXTS);
  const isSelf = auth.id === person.id && !auth.isSuperuser();
  const role = auth.isSuperuser() ? 'superuser' : auth.getString('role');
  const ofOwnTenant = role === 'tenant_admin' && auth.getString('tenant') === person.getString('tenant');
  if (!isSelf && !ofOwnTenant && !['platform_admin', 'superuser'].includes(role))
    throw new NotFoundError(say('unknown'));
  if (!isSelf && ofOwnTenant && person.getString('role') !== 'member') throw new ForbiddenError(say('adminsOnly'));
  if (isSelf && !password) throw new BadRequestError(say('passwordMissing'));
  if (isSelf && !person.validatePassword(password)) throw new BadRequestError(say('passwordWrong'));
  if (isLastPlatformAdmin(app, person)) throw new BadRequestError(say('lastAdmin'));
}

/** Known already to those who may read the list; nobody else learns that there was anybody. */
function alreadyErased(app, auth, subject) {
  const row = findErasure(app, subject);
  const seesAll = auth.isSuperuser() || auth.getString('role') === 'platform_admin';
  const seesOwn = auth.getString('role') === 'tenant_admin' && row?.getString('tenant') === auth.getString('tenant');
  if (!row || !(seesAll || seesOwn)) throw new NotFoundError(inLanguageOf(auth, TEXTS)('unknown'));
  return { status: 'already_erased', ...toContract(row) };
}

function findPerson(app, id) {
  try {
    return app.findRecordById('users', id);
  } catch (_) {
    return null;
  }
}

/** As at sign-in, and outside of the transaction that a wrong password takes back. @throws TooManyRequestsError */
function countGuess(auth, id, password) {
  if (auth.id === id && password) attempts.count($app, attempts.hash('users', auth.email(), ''));
}

module.exports = {
  /** The route: @returns the row of the list and whether it was there before */
  erase(e) {
    const id = e.request.pathValue('id');
    const { password } = e.requestInfo().body;
    if (!e.auth.isSuperuser()) require(`${__hooks}/person.js`).principal(e.auth);
    countGuess(e.auth, id, password);
    let answer;
    $app.runInTransaction((tx) => {
      const person = findPerson(tx, id);
      if (!person) {
        answer = alreadyErased(tx, e.auth, id);
        return;
      }
      checkReach(tx, e.auth, person, typeof password === 'string' ? password : '');
      note(tx, { subject: id, tenant: person.getString('tenant'), by: e.auth.id });
      audit.recordErasure(tx, e.auth, e.realIP(), person);
      tx.delete(person);
      answer = { status: 'erased', ...toContract(findErasure(tx, id)) };
    });
    return answer;
  },

  /** A deletion through the records API: the same, with its asker. @throws BadRequestError for the last platform admin */
  noteRequest(e) {
    if (!e.auth.isSuperuser() && isLastPlatformAdmin(e.app, e.record))
      throw new BadRequestError(inLanguageOf(e.auth, TEXTS)('lastAdmin'));
    note(e.app, { subject: e.record.id, tenant: e.record.getString('tenant'), by: e.auth.id });
  },

  /** In the transaction of the deletion, before it. */
  prepare(tx, person) {
    note(tx, { subject: person.id, tenant: person.getString('tenant'), by: '' });
    blackOutAudit(tx, person.id);
    emptyOutbox(tx, person.id);
    emptySignIn(tx, person);
  },

  /** After the commit: lines of the request log that name the address, and what the write-ahead log still holds. */
  cleanUp(person) {
    const email = person.email();
    const spellings = [email, encodeURIComponent(email), email.replace('@', '%40')].filter((text) => text.length > 3);
    try {
      for (const text of spellings)
        $app
          .auxNonconcurrentDB()
          .newQuery('DELETE FROM _logs WHERE instr(data, {:text}) > 0 OR instr(message, {:text}) > 0')
          .bind({ text })
          .execute();
      for (const database of [$app.nonconcurrentDB(), $app.auxNonconcurrentDB()])
        database.newQuery('PRAGMA wal_checkpoint(TRUNCATE)').execute();
    } catch (error) {
      $app.logger().error('erasure: the logs were not cleaned', 'error', String(error));
    }
  },

  /** @throws BadRequestError: an import or a restored list must not give an erased id to somebody else */
  refuseErasedId(e) {
    if (e.record.id && findErasure(e.app, e.record.id)) throw new BadRequestError(TEXTS.erasedId.en);
  },

  list() {
    return $app.findRecordsByFilter('erasures', 'id != ""', 'subject', 0, 0).map(toContract);
  },

  /**
   * Bring the list up to what another keeper knows: whoever a restored backup has brought back goes again.
   * @returns the whole list
   */
  unite(rawBody) {
    const { erasures } = JSON.parse(JSON.stringify(rawBody));
    const isId = (value) => /^[a-z0-9]{15}$/.test(value);
    if (!Array.isArray(erasures)) throw new BadRequestError('The field erasures must be a list.');
    erasures.forEach((erasure, index) => {
      if (!erasure || !isId(erasure.subjectId) || (erasure.tenantId !== '' && !isId(erasure.tenantId)))
        throw new BadRequestError(`The field erasures.${index} must have a subjectId and a tenantId.`);
    });
    for (const { subjectId, tenantId, at, by } of erasures)
      $app.runInTransaction((tx) => {
        note(tx, { subject: subjectId, tenant: tenantId, by: by || '', at });
        const person = findPerson(tx, subjectId);
        if (person) tx.delete(person);
      });
    return { erasures: module.exports.list() };
  },

  /** At the start, before anybody is served: what billing remembers that this database may not. */
  catchUp() {
    const url = $os.getenv('BILLING_WEBHOOK_URL');
    const secret = $os.getenv('BILLING_WEBHOOK_SECRET');
    if (!url || !secret) return;
    try {
      const body = JSON.stringify({ erasures: module.exports.list() });
      const response = $http.send({
        url: url.replace(/[^/]+$/, 'erasures'),
        method: 'POST',
        timeout: 2,
        body,
        headers: { 'content-type': 'application/json', 'x-signature': $security.hs256(body, secret) },
      });
      if (response.statusCode === 200) module.exports.unite(response.json);
    } catch (error) {
      $app
        .logger()
        .info('erasures: billing does not answer yet; it brings them when it starts', 'error', String(error));
    }
  },
};
