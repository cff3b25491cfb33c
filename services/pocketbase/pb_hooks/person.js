/** Rules of a person (or service account): who they are and what they may hand out. */
const tenants = require(`${__hooks}/tenant.js`);

const REFUSED_METHODS = ['password', 'otp'];
const ACCESS_FIELDS = ['role', 'tenant', 'status'];

const expired = () =>
  new ForbiddenError("This tenant's demo has ended.", {
    tenant: new ValidationError('tenant_expired', 'The demo has ended.'),
  });

module.exports = {
  setDefaults(record) {
    const defaults = { role: 'member', kind: 'person', status: 'active', locale: 'de' };
    for (const field in defaults) if (record.getString(field) === '') record.set(field, defaults[field]);
    module.exports.keepVisible(record);
  },

  /** Else not even the tenant's admin sees the address; who may see the record at all is decided by its rules. */
  keepVisible(record) {
    record.set('emailVisibility', true);
  },

  /** A changed role, tenant or status ends every session at once. */
  endSessionsWhereAccessChanged(record) {
    const before = record.original();
    if (ACCESS_FIELDS.some((field) => before.getString(field) !== record.getString(field))) record.refreshTokenKey();
  },

  /** @throws ForbiddenError where a caller below platform admin would make a platform admin or reach another tenant */
  checkReach(e) {
    if (!e.auth || e.auth.isSuperuser() || e.auth.getString('role') === 'platform_admin') return;
    const isPlatformAdmin = e.record.getString('role') === 'platform_admin';
    if (isPlatformAdmin || e.record.getString('tenant') !== e.auth.getString('tenant'))
      throw new ForbiddenError('Only a platform admin may do this.');
  },

  /**
   * After the credentials were checked, so that only who has them learns the reason.
   * @throws ForbiddenError where the demo has ended, or the tenant wants single sign-on and this is none
   */
  checkSignIn(e) {
    const tenant = e.app.findRecordById('tenants', e.record.getString('tenant'));
    if (tenants.standingOf(tenant) === 'expired') throw expired();
    // A code after the provider is the second factor; alone, or after a password, there is none (sign-in.js).
    const isSecondFactor = e.authMethod === 'otp' && e.collection.mfa.enabled;
    const exempt = e.record.getString('role') === 'platform_admin' || isSecondFactor;
    if (!exempt && tenant.getBool('single_sign_on_required') && REFUSED_METHODS.includes(e.authMethod))
      throw new ForbiddenError('This organisation signs in through its own sign-in page (single sign-on).', {
        identity: new ValidationError('single_sign_on_required', 'Sign in with single sign-on.'),
      });
  },

  /** @throws ForbiddenError when the person or their tenant is suspended or expired (authRule doesn't bind custom routes) */
  checkActive(person, tenant) {
    const standing = tenants.standingOf(tenant);
    if (person.getString('status') !== 'active' || standing === 'suspended')
      throw new ForbiddenError('This person or their tenant is suspended.');
    if (standing === 'expired') throw expired();
  },

  /** @throws ForbiddenError for a superuser, who is no person and belongs to no tenant, and as `checkActive` does */
  principal(person) {
    if (person.isSuperuser())
      throw new ForbiddenError('A superuser is no person here.', {
        auth: new ValidationError('superuser', 'Sign in as a platform admin.'),
      });
    const tenantId = person.getString('tenant');
    module.exports.checkActive(person, $app.findRecordById('tenants', tenantId));
    return { id: person.id, tenantId, role: person.getString('role'), locale: person.getString('locale') };
  },

  /**
   * Who somebody is to the applications of their tenant. `sessionMark` is another one as soon as their sessions end.
   * @throws NotFoundError, and ForbiddenError as `checkActive` does; a service account signs in nowhere
   */
  ofDirectory(id) {
    const nobody = new NotFoundError('There is no such person.');
    let person;
    try {
      person = $app.findRecordById('users', id);
    } catch (_) {
      throw nobody;
    }
    if (person.getString('kind') !== 'person') throw nobody;
    return {
      ...module.exports.principal(person),
      email: person.email(),
      emailVerified: person.verified(),
      name: person.getString('name'),
      sessionMark: $security.sha256(person.tokenKey()),
    };
  },
};
