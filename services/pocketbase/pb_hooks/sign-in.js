/** Password, one-time code and second factor: what holds beyond PocketBase's own checks. */
const attempts = require(`${__hooks}/attempts.js`);
const notices = require(`${__hooks}/notices.js`);
const { standingOf } = require(`${__hooks}/tenant.js`);
const CODES_AT_ONCE = 5;
const PASSWORD_WAS_RIGHT = 'password_was_right';

function isSuspended(app, person) {
  const tenant = app.findRecordById('tenants', person.getString('tenant'));
  return person.getString('status') !== 'active' || standingOf(tenant) === 'suspended';
}

/** Somebody suspended is told the same as somebody unknown, after the same work. */
function forgetSuspended(e) {
  if (e.record && e.collection.name === 'users' && isSuspended(e.app, e.record)) e.record = null;
}

function newCode(app, person) {
  const users = person.collection();
  const record = new Record(app.findCollectionByNameOrId('_otps'));
  const code = $security.randomStringWithAlphabet(users.otp.length, '1234567890');
  record.set('collectionRef', users.id);
  record.set('recordRef', person.id);
  record.set('password', code);
  return { record, code };
}

function codesOut(app, person) {
  const after = new DateTime(new Date(Date.now() - person.collection().otp.duration * 1000).toISOString());
  return app.findAllOTPsByRecord(person).filter((otp) => otp.created().after(after)).length;
}

module.exports = {
  isSuspended,

  withPassword(e) {
    forgetSuspended(e);
    const key = attempts.hash(e.collection.name, e.identity, e.realIP());
    const failures = attempts.count(e.app, key);
    try {
      e.next();
    } finally {
      if (e.get(PASSWORD_WAS_RIGHT)) attempts.clear(e.app, key);
      else if (failures === attempts.FAILURES_ALLOWED && e.record && e.collection.name === 'users')
        notices.add(e.app, e.record, 'account_waits', e.record.email());
    }
  },

  /** Whoever has somebody's open session may not find out the password there either. */
  withOldPassword(e) {
    if (!e.requestInfo().body.oldPassword) return e.next();
    const key = attempts.hash('users', e.record.email(), '');
    attempts.count(e.app, key);
    e.next();
    attempts.clear(e.app, key);
  },

  /** Runs where a first factor was right, also where a second one is still missing. */
  notePassword(e) {
    if (e.authMethod === 'password') e.set(PASSWORD_WAS_RIGHT, true);
  },

  /** Where a second factor is asked for, a code is that second one only and comes by `requestSecondFactor`. */
  withCode(e) {
    if (e.collection.mfa.enabled) throw new ForbiddenError('A code is asked for after the password.');
    forgetSuspended(e);
    // Making a code costs a hash: the same cost where there is nobody to make it for.
    if (!e.record) newCode(e.app, new Record(e.collection));
  },

  /**
   * A code by mail for somebody whose first factor was right.
   * @throws ApiError 400 naming mfaId, 429 after five codes, 503 where the mail server doesn't take it
   */
  requestSecondFactor(e) {
    const { mfaId = '' } = e.requestInfo().body;
    const found = $app.findRecordsByFilter('_mfas', 'id = {:id}', '', 1, 0, { id: String(mfaId) });
    const users = $app.findCollectionByNameOrId('users');
    const oldest = Date.now() - users.mfa.duration * 1000;
    const isOpen = found.length > 0 && Date.parse(found[0].getString('created').replace(' ', 'T')) > oldest;
    if (!isOpen || found[0].getString('collectionRef') !== users.id)
      throw new BadRequestError('The field mfaId names no sign-in that waits for a code. Begin again.');
    const person = $app.findRecordById('users', found[0].getString('recordRef'));
    if (codesOut($app, person) >= CODES_AT_ONCE)
      throw new TooManyRequestsError('Too many codes were asked for. Wait ten minutes.');
    const { record, code } = newCode($app, person);
    $app.save(record);
    try {
      $mails.sendRecordOTP($app, person, record.id, code);
    } catch (error) {
      $app.logger().error('a code could not be sent', 'error', `${error}`);
      $app.delete(record);
      throw new ApiError(503, 'The code could not be mailed. Try again in a moment.', {});
    }
    return { otpId: record.id };
  },

  /** Whoever can read the account's mail need not wait. */
  afterReset(e) {
    e.next();
    attempts.clear(e.app, attempts.hash('users', e.record.email(), ''));
    attempts.clear(e.app, attempts.hash('codes', e.record.id, ''));
  },

  /** In the transaction of the change: whoever it belongs to hears of it, at the address that was theirs before. */
  noteChange(e) {
    const before = e.record.original();
    const hash = 'password:hash';
    if (before.getString(hash) !== '' && before.getString(hash) !== e.record.getString(hash))
      notices.add(e.app, e.record, 'password_changed', before.email());
    if (before.email() !== '' && before.email() !== e.record.email())
      notices.add(e.app, e.record, 'email_changed', before.email());
  },
};
