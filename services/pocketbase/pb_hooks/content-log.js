/**
 * Whether a tenant's proxy keeps what people ask and are answered. The tenant answers for it, so its own admins decide;
 * a platform admin of another tenant can only end it.
 */
const audit = require(`${__hooks}/audit.js`);
const { inLanguageOf } = require(`${__hooks}/language.js`);

const DAYS_MAX = 90;
const TEXTS = {
  unknown: { de: 'Diesen Mandanten gibt es hier nicht.', en: 'There is no such tenant here.' },
  adminsOnly: {
    de: 'Das entscheiden die Admins des Mandanten selbst.',
    en: 'The admins of the tenant itself decide that.',
  },
  days: {
    de: `Das Feld days muss eine ganze Zahl von 0 (aus) bis ${DAYS_MAX} sein.`,
    en: `The field days must be a whole number from 0 (off) to ${DAYS_MAX}.`,
  },
  confirmed: {
    de: 'Das Feld confirmed muss true sein: Es gibt eine Rechtsgrundlage, und die Beteiligten wissen davon.',
    en: 'The field confirmed must be true: there is a legal basis, and the people concerned are told.',
  },
};

function findTenant(id) {
  try {
    return $app.findRecordById('tenants', id);
  } catch (_) {
    return null;
  }
}

/** @throws NotFoundError, ForbiddenError where `auth` may not; whose it is not, for them it does not exist */
function checkMay(auth, id, days, say) {
  if (auth.isSuperuser()) return;
  require(`${__hooks}/person.js`).principal(auth);
  const role = auth.getString('role');
  const own = auth.getString('tenant') === id;
  if (!own && role !== 'platform_admin') throw new NotFoundError(say('unknown'));
  if (role === 'member' || (!own && days !== 0)) throw new ForbiddenError(say('adminsOnly'));
}

module.exports = {
  /** The route. Billing has it at once, the proxies within seconds. */
  change(e) {
    const say = inLanguageOf(e.auth, TEXTS);
    const id = e.request.pathValue('id');
    const { days, confirmed } = e.requestInfo().body;
    checkMay(e.auth, id, days, say);
    if (!findTenant(id)) throw new NotFoundError(say('unknown'));
    if (!Number.isInteger(days) || days < 0 || days > DAYS_MAX) throw new BadRequestError(say('days'));
    if (days > 0 && confirmed !== true) throw new BadRequestError(say('confirmed'));
    $app.runInTransaction((tx) => {
      const tenant = tx.findRecordById('tenants', id);
      if (tenant.getInt('content_log_days') === days) return;
      audit.recordUpdate(tx, e.auth, e.realIP(), tenant, () => {
        tenant.set('content_log_days', days);
        tx.save(tenant);
      });
    });
    return { days };
  },

  /** Whatever a client sends with a tenant's record: the route alone changes it. */
  keepDays(e) {
    if (e.auth?.isSuperuser()) return;
    e.record.set('content_log_days', e.record.isNew() ? 0 : e.record.original().getInt('content_log_days'));
  },
};
