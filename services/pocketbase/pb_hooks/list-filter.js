/** What lists and subscriptions may not be filtered or sorted by: a filter tells by its hits what one may not read. */

/**
 * Back-relations (`users_via_tenant.email != "x"`): PocketBase applies the other collection's list rule to them, but not
 * where all of many records have to match. Field names have one spelling only, so looking for them in the text is enough.
 */
const TELLTALES = ['_via_', 'markup_percent', 'base_url', 'api_version', 'key_name', 'own_prices', 'only_tenants'];

const isBound = (auth) => !auth || !(auth.isSuperuser() || auth.getString('role') === 'platform_admin');

function refuseTelltales(text) {
  const found = TELLTALES.find((telltale) => text.includes(telltale));
  if (found) throw new ForbiddenError(`Filtering or sorting by ${found} is not allowed.`);
}

/** A topic's options are JSON in a URL: undo both ways of writing a letter in another way. */
function decodeTopic(topic) {
  try {
    return decodeURIComponent(topic).replace(/\\u([0-9a-f]{4})/gi, (_, code) =>
      String.fromCharCode(parseInt(code, 16)),
    );
  } catch (_) {
    throw new BadRequestError('The subscription is not encoded correctly.');
  }
}

module.exports = {
  /** @throws ForbiddenError for callers below platform admin */
  checkList(e) {
    if (!isBound(e.auth)) return;
    const { filter, sort } = e.requestInfo().query;
    refuseTelltales(`${filter} ${sort}`);
  },

  /** @throws ForbiddenError for callers below platform admin: a subscription may carry a filter too */
  checkSubscriptions(e) {
    if (!isBound(e.auth)) return;
    // Expanding a back-relation is no filter and obeys the rules, but nobody needs it in a subscription.
    for (const topic of e.subscriptions) refuseTelltales(decodeTopic(topic));
  },
};
