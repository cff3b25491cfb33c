/** A person of a tenant as PocketBase's `users` collection has it. */
import { eurAmountNotNegative, locale, ROLES, recordId, role } from '@cloudfreedom/contracts';
import { z } from 'zod';

const product = z.object({ id: recordId, name: z.string(), monthly_budget_eur: eurAmountNotNegative });

export const tenantPerson = z
  .object({
    id: recordId,
    name: z.string(),
    email: z.string().default(''),
    tenant: recordId,
    product: z.union([recordId, z.literal('')]),
    role,
    kind: z.enum(['person', 'service_account']),
    status: z.enum(['active', 'suspended']),
    budget_override_eur: z.union([z.literal(''), eurAmountNotNegative]),
    cost_centre: z.string(),
    requests_per_minute: z.number(),
    tokens_per_minute: z.number(),
    parallel_requests: z.number(),
    locale: z.union([locale, z.literal('')]),
    expand: z.object({ product: product.optional() }).optional(),
  })
  .transform(({ expand, ...record }) => ({
    id: record.id,
    name: record.name || record.email || record.id,
    /** As it is stored; may be empty. */
    givenName: record.name,
    productId: record.product,
    email: record.email,
    tenantId: record.tenant,
    role: record.role,
    kind: record.kind,
    status: record.status,
    budgetOverrideEur: record.budget_override_eur,
    costCentre: record.cost_centre,
    limits: {
      requests_per_minute: record.requests_per_minute,
      tokens_per_minute: record.tokens_per_minute,
      parallel_requests: record.parallel_requests,
    },
    locale: record.locale,
    product: expand?.product ?? null,
  }));
export type TenantPerson = z.output<typeof tenantPerson>;

const SORT_COLUMNS = ['name', 'role', 'product', 'status'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

/** What narrows the list down beside the search; '' is everything. A product is its record's id. */
export interface PeopleFilter {
  role: string;
  status: string;
  kind: string;
  product: string;
}
const CHOICES = { role: ROLES, status: ['active', 'suspended'], kind: ['person', 'service_account'] } as const;

/** Which of a tenant's people are shown, as the address has it. */
export interface PeopleView extends PeopleFilter {
  search: string;
  sort: SortColumn;
  descending: boolean;
  /** From 1. */
  page: number;
  /** Whom the page begins behind, or ends before; null: its number says where it is. */
  edge: { side: 'after' | 'before'; personId: string } | null;
}

function readEdge(params: URLSearchParams): PeopleView['edge'] {
  for (const side of ['after', 'before'] as const) {
    const person = recordId.safeParse(params.get(side));
    if (person.success) return { side, personId: person.data };
  }
  return null;
}

export function readPeopleView(params: URLSearchParams): PeopleView {
  const sort = params.get('sort') ?? 'name';
  const column = SORT_COLUMNS.find((name) => name === sort.replace(/^-/, '')) ?? 'name';
  const page = Number(params.get('page') ?? '1');
  const chosen = (name: keyof typeof CHOICES) => CHOICES[name].find((known) => known === params.get(name)) ?? '';
  const product = recordId.safeParse(params.get('product'));
  return {
    role: chosen('role'),
    status: chosen('status'),
    kind: chosen('kind'),
    product: product.success ? product.data : '',
    search: params.get('q') ?? '',
    sort: column,
    descending: sort.startsWith('-'),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    edge: readEdge(params),
  };
}
