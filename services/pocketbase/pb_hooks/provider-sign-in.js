/**
 * Signing in by the company's provider: for people who exist, were invited, or come from a domain whose tenant takes in
 * new people. What joins an account at the provider to one of ours is an e-mail address that the provider vouches for.
 */
const invitation = require(`${__hooks}/invitation.js`);
const { isSuspended } = require(`${__hooks}/sign-in.js`);
const { standingOf } = require(`${__hooks}/tenant.js`);

/** One answer for unknown, suspended and unverified: what is known about an address is nobody's business. */
const refuse = () => {
  throw new BadRequestError(
    'This account at the provider opens nothing here. Ask your administrator for an invitation.',
  );
};

function isLinked(e) {
  const filter = 'collectionRef = {:collection} && provider = {:provider} && providerId = {:id}';
  const values = { collection: e.collection.id, provider: e.providerName, id: e.oAuth2User.id };
  return e.app.findRecordsByFilter('_externalAuths', filter, '', 1, 0, values).length > 0;
}

/** The tenant that takes in people of this domain, with a product for them. */
function tenantOfDomain(app, domain) {
  const filter = 'sign_up_domain = {:domain} && sign_up_product != ""';
  const [owner] = app.findRecordsByFilter('tenants', filter, '', 1, 0, { domain });
  return owner && standingOf(owner) === 'active' ? owner : null;
}

function newMember(e, tenant, email) {
  const member = new Record(e.collection);
  const name = e.oAuth2User.name || email.split('@')[0];
  const values = { email, name: name.slice(0, 120), tenant: tenant.id, product: tenant.getString('sign_up_product') };
  for (const field in values) member.set(field, values[field]);
  member.set('role', 'member');
  member.set('locale', tenant.getString('locale'));
  member.setVerified(true);
  member.setRandomPassword();
  e.app.save(member);
  return member;
}

function takeIn(e, email) {
  const invited = invitation.find(e.app, email);
  if (invited && !invitation.isPast(invited.getDateTime('expires'))) {
    let person = null;
    e.app.runInTransaction((tx) => {
      person = invitation.becomePerson(tx, invited, null, e.realIP());
    });
    return person;
  }
  const tenant = tenantOfDomain(e.app, email.split('@')[1]);
  return tenant ? newMember(e, tenant, email) : null;
}

module.exports = {
  /** Before PocketBase joins the two accounts. @throws BadRequestError */
  admit(e) {
    // A new person is what we make of them; the browser has no word in it.
    e.createData = {};
    if (!isLinked(e)) {
      const email = e.oAuth2User.email.trim().toLowerCase();
      if (email === '') refuse();
      // Found by a session that is open: it may not be given a second key under another address.
      if (e.record && e.record.email().toLowerCase() !== email) refuse();
      if (!e.record) e.record = takeIn(e, email);
      // In the spelling that we know: PocketBase compares them to tell whether the address is confirmed by this.
      if (e.record) e.oAuth2User.email = e.record.email();
    }
    if (!e.record || isSuspended(e.app, e.record)) refuse();
  },
};
