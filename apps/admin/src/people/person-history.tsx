import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { History } from '../records/history.tsx';
import type { TenantPerson } from './person.ts';
import { usePersonFieldNames, usePersonWords } from './words.ts';

/** Who changed what of a person, in words. */
export function PersonHistory({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const words = usePersonWords();
  const products = useProducts();
  const fields = usePersonFieldNames();
  const labels = {
    ...fields,
    budget_override_eur: fields.budget,
    email: t('person.email'),
    status: t('people.status'),
    password: t('person.password'),
    verified: t('person.verified'),
    tenant: t('tenant.label'),
    sessions_ended: t('person.sessionsEndedField'),
  };
  const values: Record<string, Record<string, string>> = {
    product: Object.fromEntries((products.data ?? []).map(({ id, name }) => [id, name])),
    role: words.role,
    status: words.status,
    locale: { de: t('person.german'), en: t('person.english') },
  };
  const say = (field: string, value: string) => {
    if (field === 'budget_override_eur' && /^\d+(\.\d+)?$/.test(value)) return format.money(value);
    if (field === 'sessions_ended') return format.dateTime(value.replace(' ', 'T'));
    return values[field]?.[value] ?? value;
  };
  return <History collection="users" id={person.id} labels={labels} say={say} />;
}
