/** Rules of a person (or service account): who they are and what they may hand out. */
const ACCESS_FIELDS = ['role', 'tenant', 'status'];

module.exports = {
  setDefaults(record) {
    const defaults = { role: 'member', kind: 'person', status: 'active', locale: 'de' };
    for (const field in defaults) if (record.getString(field) === '') record.set(field, defaults[field]);
    // Else not even the tenant's admin sees the address; who may see the record at all is decided by its rules.
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

  /** @throws ForbiddenError when the person or their tenant is suspended (authRule doesn't bind custom routes) */
  principal(person) {
    const tenantId = person.getString('tenant');
    const tenant = $app.findRecordById('tenants', tenantId);
    if (person.getString('status') !== 'active' || tenant.getString('status') !== 'active')
      throw new ForbiddenError('This person or their tenant is suspended.');
    return { id: person.id, tenantId, role: person.getString('role'), locale: person.getString('locale') };
  },
};
