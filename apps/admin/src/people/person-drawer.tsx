import { BudgetBar, type BudgetFigures, ErrorState } from '@cloudfreedom/ui';
import { Drawer, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useBudgetRefusal, useChangeRefusal } from './change-refusal.ts';
import { OverrideForm } from './override-form.tsx';
import { usePerson } from './people.queries.ts';
import type { TenantPerson } from './person.ts';
import { PersonAccess } from './person-access.tsx';
import { PersonData } from './person-data.tsx';
import { usePersonWords } from './words.ts';

interface PersonDrawerProps {
  /** null: closed. */
  personId: string | null;
  figures: Map<string, BudgetFigures>;
  onClose: () => void;
}

/** Everything about one person, beside the list. */
export function PersonDrawer({ personId, figures, onClose }: PersonDrawerProps) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Drawer.Root opened={personId !== null} onClose={onClose} position="right" size={460}>
      <Drawer.Overlay />
      <Drawer.Content>
        {personId !== null && (
          <PersonPanel
            key={personId}
            personId={personId}
            figures={figures}
            closeLabel={t('ui:actions.close')}
            onClose={onClose}
          />
        )}
      </Drawer.Content>
    </Drawer.Root>
  );
}

function PersonPanel(props: {
  personId: string;
  figures: Map<string, BudgetFigures>;
  closeLabel: string;
  onClose: () => void;
}) {
  const tenant = useTenantOnShow();
  const person = usePerson(tenant.id, props.personId);
  return (
    <>
      <div className="portal-drawer-header">
        <Drawer.Title>
          <Text span fw={650} size="xl">
            {person.data?.name ?? '…'}
          </Text>
        </Drawer.Title>
        <Drawer.CloseButton aria-label={props.closeLabel} />
      </div>
      <Drawer.Body>
        {person.data ? (
          <PersonSections person={person.data} figures={props.figures.get(person.data.id)} onErased={props.onClose} />
        ) : person.isError ? (
          <ErrorState error={person.error} onRetry={() => void person.refetch()} />
        ) : (
          <Stack gap="md" aria-busy>
            <Skeleton height={64} />
            <Skeleton height={140} />
          </Stack>
        )}
      </Drawer.Body>
    </>
  );
}

function PersonSections(props: { person: TenantPerson; figures: BudgetFigures | undefined; onErased: () => void }) {
  const { person, figures, onErased } = props;
  const { t } = useTranslation('app');
  const refusal = useChangeRefusal(person);
  const budgetRefusal = useBudgetRefusal(person);
  return (
    <Stack gap="xl">
      <Section title={t('person.budget')}>
        {figures ? (
          <BudgetBar figures={figures} label={t('overview.budgetOf', { name: person.name })} size="full" />
        ) : (
          <Text c="dimmed">{t('people.noFigures')}</Text>
        )}
      </Section>
      {refusal ? (
        <Text size="sm" c="dimmed" role="note">
          {refusal}
        </Text>
      ) : (
        <>
          <Section title={t('person.override')}>
            {budgetRefusal ? (
              <Text size="sm" c="dimmed" role="note">
                {budgetRefusal}
              </Text>
            ) : (
              <OverrideForm person={person} />
            )}
          </Section>
          <Section title={t('person.access')}>
            <PersonAccess person={person} />
          </Section>
        </>
      )}
      {!refusal && !budgetRefusal && (
        <Section title={t('person.data')}>
          <PersonData person={person} onErased={onErased} />
        </Section>
      )}
      <Section title={t('person.details')}>
        <PersonDetails person={person} />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb="sm">
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
