/** Kinds of records, their fields and their values in words. */
import { modelProvider } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import { useProviderTitle, useRegionWords } from '../models/words.ts';
import { usePersonWords } from '../people/words.ts';
import { useTenantTypeWords } from '../tenants/words.ts';
import type { Action, Kind } from './audit-filter.ts';

export function useKindWords(): Record<Kind, string> {
  const { t } = useTranslation('app');
  return {
    users: t('audit.kind.users'),
    api_keys: t('audit.kind.apiKeys'),
    invitations: t('audit.kind.invitations'),
    tenants: t('audit.kind.tenants'),
    products: t('audit.kind.products'),
    models: t('audit.kind.models'),
    adjustments: t('audit.kind.adjustments'),
    budget_requests: t('audit.kind.budgetRequests'),
    alert_settings: t('audit.kind.alertSettings'),
    prices: t('audit.kind.prices'),
    exchange_rates: t('audit.kind.exchangeRates'),
    re_ratings: t('audit.kind.reRatings'),
    service_tokens: t('audit.kind.serviceTokens'),
    oidc_clients: t('audit.kind.applications'),
    contents: t('audit.kind.contents'),
    settings: t('audit.kind.settings'),
    collections: t('audit.kind.collections'),
  };
}

export function useActionWords(): Record<Action, string> {
  const { t } = useTranslation('app');
  return {
    create: t('audit.created'),
    update: t('audit.changed'),
    delete: t('audit.deleted'),
    read: t('audit.read'),
  };
}

/** A field as people call it; one without words of its own is shown as it is stored. */
function useFieldWords(): (field: string) => string {
  const { t } = useTranslation('app');
  const words: Record<string, string> = {
    name: t('audit.field.name'),
    email: t('audit.field.email'),
    password: t('audit.field.password'),
    verified: t('audit.field.verified'),
    role: t('audit.field.role'),
    status: t('audit.field.status'),
    product: t('audit.field.product'),
    tenant: t('audit.field.tenant'),
    kind: t('audit.field.kind'),
    locale: t('audit.field.locale'),
    cost_centre: t('audit.field.costCentre'),
    budget_override_eur: t('audit.field.ownBudget'),
    monthly_budget_eur: t('audit.field.monthlyBudget'),
    carry_over_cap_eur: t('audit.field.carryOver'),
    markup_percent: t('audit.field.markup'),
    time_zone: t('audit.field.timeZone'),
    slug: t('audit.field.slug'),
    type: t('audit.field.type'),
    domains: t('audit.field.domains'),
    expires: t('audit.field.expires'),
    expires_at: t('audit.field.expires'),
    single_sign_on_required: t('audit.field.singleSignOn'),
    retention_days: t('audit.field.retention'),
    answer_cache: t('tenants.answerCache'),
    content_log_days: t('audit.field.contentLog'),
    models: t('audit.field.models'),
    region_rule: t('audit.field.regionRule'),
    region: t('audit.field.region'),
    requests_per_minute: t('audit.field.perMinute'),
    tokens_per_minute: t('audit.field.tokensPerMinute'),
    parallel_requests: t('audit.field.parallel'),
    output_cap_tokens: t('audit.field.outputCap'),
    shared_requests_per_minute: t('products.sharedRequestsPerMinute'),
    shared_tokens_per_minute: t('products.sharedTokensPerMinute'),
    shared_parallel_requests: t('products.sharedParallelRequests'),
    user: t('audit.field.person'),
    owner: t('audit.field.person'),
    subject: t('audit.field.person'),
    prefix: t('audit.field.prefix'),
    revoked: t('audit.field.revoked'),
    last_used: t('audit.field.lastUsed'),
    display_name: t('audit.field.displayName'),
    deployment: t('audit.field.deployment'),
    provider: t('audit.field.provider'),
    upstream_model: t('audit.field.upstreamModel'),
    priority: t('audit.field.priority'),
    weight: t('audit.field.weight'),
    enabled: t('audit.field.enabled'),
    level: t('audit.field.level'),
    amount_eur: t('audit.field.amount'),
    granted_eur: t('audit.field.granted'),
    state: t('audit.field.state'),
    reason: t('audit.field.reason'),
    note: t('audit.field.note'),
    model: t('audit.field.model'),
    eur_per_usd: t('audit.field.rate'),
    effective_from: t('audit.field.effectiveFrom'),
    from: t('audit.field.from'),
    to: t('audit.field.to'),
    thresholds_percent: t('audit.field.thresholds'),
    webhook_url: t('audit.field.webhook'),
    sessions_ended: t('audit.field.sessionsEnded'),
    context_tokens: t('models.contextTokens'),
    output_tokens_max: t('models.outputTokens'),
    reasoning: t('models.reasoning'),
    unsupported: t('models.unsupported'),
    processor: t('models.processor'),
    base_url: t('models.baseUrl'),
    api_version: t('models.apiVersion'),
    key_name: t('models.keyName'),
    first_byte_timeout_ms: t('models.firstByteTimeout'),
    chunk_timeout_ms: t('models.chunkTimeout'),
    only_tenants: t('models.onlyTenants'),
    sign_up_domain: t('tenants.signUpDomain'),
    sign_up_product: t('tenants.signUpProduct'),
    own_prices: t('nav.prices'),
    source: t('prices.source'),
  };
  return (field) => words[field] ?? field.replaceAll('_', ' ');
}

/** Stands in the log where a personal value was. */
export const NOT_KEPT = '[not kept]';
/** What fields with a fixed set of values say. */
function useListedWords(): Record<string, Record<string, string>> {
  const { t } = useTranslation('app');
  const { role, status, kind } = usePersonWords();
  const types = useTenantTypeWords();
  const regions = useRegionWords();
  const providerTitle = useProviderTitle();
  return {
    role,
    status,
    kind: {
      ...kind,
      chat: t('models.kindChat'),
      embedding: t('models.kindEmbedding'),
      top_up: t('adjust.topUp'),
      correction: t('audit.correction'),
    },
    locale: { de: t('person.german'), en: t('person.english') },
    type: Object.fromEntries(Object.entries(types).map(([type, { name }]) => [type, name])),
    region: regions,
    region_rule: { any: t('products.regionAny'), eu: t('products.regionEu') },
    provider: Object.fromEntries(modelProvider.options.map((name) => [name, providerTitle(name)])),
    level: { tenant: t('tenant.label'), user: t('usage.person'), api_key: t('usage.key') },
    state: { pending: t('requests.open'), approved: t('requests.approved'), declined: t('requests.declined') },
  };
}

const MOMENT = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;
const AMOUNT = /^-?\d+(\.\d{1,9})?$/;

type NameOf = (id: string) => string | undefined;

export interface AuditWords {
  /** That these words are of; they stay the same as long as it does. */
  language: string;
  kinds: Record<Kind, string>;
  actions: Record<Action, string>;
  fieldName: (field: string) => string;
  /** A stored value as people read it. @param nameOf names of people and products by their id */
  say: (field: string, value: unknown, nameOf: NameOf) => string;
}

/** Looked up once for the whole list: an entry alone would look up more than a hundred. */
export function useAuditWords(): AuditWords {
  const { t } = useTranslation('app');
  const format = useFormat();
  const kinds = useKindWords();
  const actions = useActionWords();
  const fieldName = useFieldWords();
  const listed = useListedWords();
  const say = (field: string, value: unknown, nameOf: NameOf): string => {
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
      return t('audit.empty');
    if (value === NOT_KEPT) return t('audit.notKept');
    if (typeof value === 'boolean') return value ? t('detail.yes') : t('detail.no');
    if (Array.isArray(value)) return value.map((each) => say(field, each, nameOf)).join(', ');
    if (typeof value === 'number') return format.number(value);
    if (typeof value !== 'string') return JSON.stringify(value);
    if (field.endsWith('_eur') && AMOUNT.test(value)) return format.exactMoney(value);
    if (MOMENT.test(value)) return format.dateTime(value.replace(' ', 'T'));
    return listed[field]?.[value] ?? nameOf(value) ?? value;
  };
  return { language: format.language, kinds, actions, fieldName, say };
}
