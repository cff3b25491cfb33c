/** Invitations: who is asked to come, and how they become a person. Nothing of them is usable before. */
const audit = require(`${__hooks}/audit.js`);
const mail = require(`${__hooks}/mail.js`);
const links = require(`${__hooks}/app-links.js`);
const { standingOf } = require(`${__hooks}/tenant.js`);

const DAYS = 7;
const KEPT_DAYS = 30;
const EMAIL = /^[^\s@<>"(),:;]{1,64}@[^\s@<>"(),:;]+\.[^\s@<>"(),:;]+$/;
const ROLES_BY = {
  tenant_admin: ['member', 'tenant_admin'],
  platform_admin: ['member', 'tenant_admin', 'platform_admin'],
};
const PASSWORD_LENGTH = { least: 10, most: 71 };

const daysFromNow = (days) => new DateTime(new Date(Date.now() + days * 86_400_000).toISOString());
const isPast = (date) => date.isZero() || date.before(new DateTime());

function fault(field, code, message) {
  return new BadRequestError('The invitation is not right.', { [field]: new ValidationError(code, message) });
}

function find(app, collection, filter, values) {
  const found = app.findRecordsByFilter(collection, filter, '', 1, 0, values);
  return found.length > 0 ? found[0] : null;
}

function hasAccount(app, email) {
  try {
    return !!app.findAuthRecordByEmail('users', email);
  } catch (_) {
    return false;
  }
}

const findByToken = (app, token) =>
  find(app, 'invitations', 'token_hash = {:hash}', { hash: $security.sha256(String(token)) });

function isTenantActive(app, id) {
  const tenant = find(app, 'tenants', 'id = {:id}', { id });
  return tenant !== null && standingOf(tenant) === 'active';
}

/** @throws ForbiddenError: only admins whose session counts, and whose tenant does */
function checkAdmin(app, auth) {
  const isActive = auth.getString('status') === 'active' && isTenantActive(app, auth.getString('tenant'));
  if (!isActive || !ROLES_BY[auth.getString('role')]) throw new ForbiddenError('Only admins invite people.');
}

/** @throws ForbiddenError where a tenant admin reaches beyond the own tenant, or above */
function checkReach(auth, tenant, role) {
  const own = auth.getString('role');
  if (own === 'platform_admin') return;
  const faults = {};
  if (tenant !== auth.getString('tenant')) faults.tenant = new ValidationError('not_yours', 'Not your tenant.');
  if (!ROLES_BY[own].includes(role)) faults.role = new ValidationError('above_yours', 'Above your own role.');
  if (Object.keys(faults).length > 0) throw new ForbiddenError('Only a platform admin may invite this person.', faults);
}

function readFields(app, auth, rawBody) {
  const body = JSON.parse(JSON.stringify(rawBody)) || {};
  const text = (name) => {
    const value = body[name] ?? '';
    if (typeof value !== 'string') throw fault(name, 'validation_text', 'Must be a text.');
    return value.trim();
  };
  const fields = {
    email: text('email').toLowerCase(),
    name: text('name'),
    role: text('role') || 'member',
    product: text('product'),
    tenant: text('tenant') || auth.getString('tenant'),
    locale: text('locale') || 'de',
  };
  if (!ROLES_BY.platform_admin.includes(fields.role)) throw fault('role', 'validation_in', 'Must be a role.');
  checkReach(auth, fields.tenant, fields.role);
  if (fields.email.length > 255 || !EMAIL.test(fields.email))
    throw fault('email', 'validation_is_email', 'Must be an e-mail address such as name@company.com.');
  if (fields.name === '' || fields.name.length > 120)
    throw fault('name', 'validation_length', 'Must be 1 to 120 letters.');
  if (!['de', 'en'].includes(fields.locale)) throw fault('locale', 'validation_in', 'Must be de or en.');
  if (!isTenantActive(app, fields.tenant)) throw fault('tenant', 'validation_tenant', 'Must be an active tenant.');
  if (fields.product !== '' && !find(app, 'products', 'id = {:id}', { id: fields.product }))
    throw fault('product', 'validation_product', 'Must be a product.');
  return fields;
}

/** A new link; the one before it leads nowhere from now on. @returns the token, which is kept as a hash only */
function renew(record) {
  const token = $security.randomString(43);
  record.set('token_hash', $security.sha256(token));
  record.set('expires', daysFromNow(DAYS));
  return token;
}

/** @returns whether the mail server took it */
function sendMail(app, record, token) {
  const tenant = app.findRecordById('tenants', record.getString('tenant'));
  try {
    mail.send(app, 'invitation', record, record.getString('email'), {
      url: links.to(app, record, '/accept-invitation', token),
      inviter: record.getString('invited_by_name') || tenant.getString('name'),
      tenant: tenant.getString('name'),
      days: DAYS,
    });
    return true;
  } catch (error) {
    app.logger().error('an invitation could not be sent', 'invitation', record.id, 'error', `${error}`);
    return false;
  }
}

function answer(record, mailSent) {
  return { id: record.id, expires: record.getString('expires'), mailSent };
}

/** @throws BadRequestError, the same for a link that was used, withdrawn, replaced, or never was one */
function findOpen(app, token) {
  const record = findByToken(app, token);
  if (!record || !isTenantActive(app, record.getString('tenant')))
    throw new BadRequestError('This invitation is no longer valid.', {
      token: new ValidationError('invitation_invalid', 'Used, withdrawn, or replaced by a newer one.'),
    });
  if (isPast(record.getDateTime('expires')))
    throw new BadRequestError('This invitation has expired.', {
      token: new ValidationError('invitation_expired', 'A new one can be asked for.'),
    });
  return record;
}

function checkPassword(password) {
  const isRight =
    typeof password === 'string' && password.length >= PASSWORD_LENGTH.least && password.length <= PASSWORD_LENGTH.most;
  if (!isRight) throw fault('password', 'validation_length', 'Must be 10 to 71 letters.');
}

module.exports = {
  find: (app, email) => find(app, 'invitations', 'email = {:email}', { email }),
  isPast,

  /** @throws ApiError 400 naming the field, 401, 403, 503 where no mail can be sent */
  create(e) {
    checkAdmin($app, e.auth);
    const fields = readFields($app, e.auth, e.requestInfo().body);
    if (!$app.settings().smtp.enabled)
      throw new ApiError(503, 'No mail server is configured: nobody can be invited.', {});
    let record;
    let token;
    $app.runInTransaction((tx) => {
      if (hasAccount(tx, fields.email))
        throw fault('email', 'address_has_account', 'There is an account with this address already.');
      if (module.exports.find(tx, fields.email))
        throw fault('email', 'address_is_invited', 'This address is invited already. Send that invitation again.');
      record = new Record(tx.findCollectionByNameOrId('invitations'));
      record.load({ ...fields, invited_by: e.auth.id, invited_by_name: e.auth.getString('name') || e.auth.email() });
      token = renew(record);
      tx.save(record);
      audit.recordCreation(tx, e.auth, e.realIP(), record);
    });
    return answer(record, sendMail($app, record, token));
  },

  /** @throws ApiError 401, 403, 404 */
  sendAgain(e) {
    checkAdmin($app, e.auth);
    const record = find($app, 'invitations', 'id = {:id}', { id: e.request.pathValue('id') });
    const isOthers =
      record &&
      e.auth.getString('role') !== 'platform_admin' &&
      record.getString('tenant') !== e.auth.getString('tenant');
    if (!record || isOthers) throw new NotFoundError('There is no such invitation.');
    checkReach(e.auth, record.getString('tenant'), record.getString('role'));
    const token = renew(record);
    $app.save(record);
    return answer(record, sendMail($app, record, token));
  },

  /** What the page shows to who holds the link. @throws BadRequestError */
  open(token) {
    const record = findOpen($app, token);
    const tenant = $app.findRecordById('tenants', record.getString('tenant'));
    const field = (name) => record.getString(name);
    return { email: field('email'), name: field('name'), locale: field('locale'), tenant: tenant.getString('name') };
  },

  /** The person who comes of it; the invitation is gone. `password` null: one that nobody knows. */
  becomePerson(tx, record, password, ip) {
    const person = new Record(tx.findCollectionByNameOrId('users'));
    for (const field of ['email', 'name', 'role', 'product', 'tenant', 'locale'])
      person.set(field, record.getString(field));
    // The link came by mail, or a provider vouches for the address.
    person.setVerified(true);
    if (password === null) person.setRandomPassword();
    else person.setPassword(password);
    tx.save(person);
    tx.delete(record);
    audit.recordCreation(tx, person, ip, person);
    return person;
  },

  /** @throws BadRequestError */
  accept(e) {
    const { token, password } = e.requestInfo().body;
    checkPassword(password);
    let email = '';
    $app.runInTransaction((tx) => {
      const record = findOpen(tx, token);
      if (hasAccount(tx, record.getString('email')))
        throw fault('token', 'address_has_account', 'There is an account with this address already.');
      email = module.exports.becomePerson(tx, record, password, e.realIP()).email();
    });
    return { email };
  },

  /** Whoever holds an expired link gets a new one, at the address that was invited. Tells nothing. */
  renewExpired(token) {
    const record = findByToken($app, token);
    if (!record || !isPast(record.getDateTime('expires')) || !isTenantActive($app, record.getString('tenant'))) return;
    const next = renew(record);
    $app.save(record);
    sendMail($app, record, next);
  },

  purge() {
    const before = daysFromNow(-KEPT_DAYS).string();
    for (const record of $app.findRecordsByFilter('invitations', 'expires < {:before}', '', 500, 0, { before }))
      $app.delete(record);
  },
};
