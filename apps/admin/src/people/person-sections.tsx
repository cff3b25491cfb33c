import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { BudgetOfPerson } from './budget-of-person.tsx';
import { useBudgetRefusal, useChangeRefusal } from './change-refusal.ts';
import type { TenantPerson } from './person.ts';
import { PersonAccess } from './person-access.tsx';
import { PersonAdjustments } from './person-adjustments.tsx';
import { PersonData } from './person-data.tsx';
import { PersonForm } from './person-form.tsx';
import { PersonHistory } from './person-history.tsx';
import { PersonKeys } from './person-keys.tsx';
import { PersonRequests } from './person-requests.tsx';
import { PersonUsage } from './person-usage.tsx';
import { usePersonWords } from './words.ts';

interface PersonSectionsProps {
  person: TenantPerson;
  /** `quick`: beside the list, what is done most; `whole`: the page. */
  view: 'quick' | 'whole';
  onErased: () => void;
}

/** Everything about one person, on their page and in the panel beside the list. */
export function PersonSections({ person, view, onErased }: PersonSectionsProps) {
  const { t } = useTranslation('app');
  const changeRefusal = useChangeRefusal(person);
  const budgetRefusal = useBudgetRefusal(person);
  const mayErase = !changeRefusal && !budgetRefusal;
  const budget = (
    <Section title={t('person.budget')}>
      <BudgetOfPerson person={person} />
    </Section>
  );
  const settings = (
    <>
      {changeRefusal ? (
        <Text size="sm" c="dimmed" role="note">
          {changeRefusal}
        </Text>
      ) : (
        <>
          <Section title={t('person.settings')}>
            <PersonForm person={person} />
          </Section>
          <Section title={t('person.access')}>
            <PersonAccess person={person} />
          </Section>
        </>
      )}
    </>
  );
  if (view === 'quick') {
    return (
      <Stack gap="xl">
        <Anchor component={Link} to={`/tenants/${person.tenantId}/people/${person.id}`} size="sm">
          {t('person.openPage')}
        </Anchor>
        {budget}
        {settings}
        <Section title={t('person.details')}>
          <PersonDetails person={person} />
        </Section>
      </Stack>
    );
  }
  return (
    <div className="portal-columns">
      <Stack gap="lg">
        {budget}
        <Section title={t('person.requestsTitle')}>
          <PersonRequests person={person} />
        </Section>
        <Section title={t('nav.usage')}>
          <PersonUsage person={person} />
        </Section>
        <Section title={t('adjust.list')}>
          <PersonAdjustments person={person} mayAdjust={!changeRefusal} />
        </Section>
      </Stack>
      <Stack gap="lg">
        {settings}
        <Section title={t('nav.keys')}>
          <PersonKeys person={person} />
        </Section>
        <Section title={t('history.list')}>
          <PersonHistory person={person} />
        </Section>
        {mayErase && (
          <Section title={t('person.data')}>
            <PersonData person={person} onErased={onErased} />
          </Section>
        )}
        <Section title={t('person.details')}>
          <PersonDetails person={person} />
        </Section>
      </Stack>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="portal-section" aria-label={title}>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}

function PersonDetails({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const words = usePersonWords();
  const languages = { de: t('person.german'), en: t('person.english'), '': t('person.none') };
  const details = [
    [t('person.email'), person.email || t('people.emailHidden')],
    [t('people.role'), words.role[person.role]],
    [t('people.product'), person.product?.name ?? t('people.noProduct')],
    [t('person.costCentre'), person.costCentre || t('person.none')],
    [t('person.language'), languages[person.locale]],
    [t('person.id'), person.id],
  ];
  return (
    <dl className="portal-details">
      {details.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
