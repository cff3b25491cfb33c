import { EmptyState, ErrorState, failureKind } from '@cloudfreedom/ui';
import { Anchor, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconUserQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { usePerson } from './people.queries.ts';
import type { TenantPerson } from './person.ts';
import { PersonSections } from './person-sections.tsx';
import { PersonStatus } from './person-status.tsx';
import { usePersonWords } from './words.ts';

/** The page of one person: what they may spend, have spent and asked for, and all that an admin can do about it. */
export function PersonPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const navigate = useNavigate();
  const { personId = '' } = useParams();
  const person = usePerson(tenant.id, personId);
  const people = `/tenants/${tenant.id}/people`;
  if (person.isError && !person.data) {
    if (failureKind(person.error) !== 'notFound') {
      return <ErrorState level={1} error={person.error} onRetry={() => void person.refetch()} />;
    }
    return (
      <Stack gap="lg">
        <PageTitle>{t('nav.people')}</PageTitle>
        <EmptyState
          icon={<IconUserQuestion size={28} stroke={1.5} />}
          title={t('person.notFound')}
          text={t('person.notFoundText')}
        >
          <Button component={Link} to={people} variant="default">
            {t('person.allPeople')}
          </Button>
        </EmptyState>
      </Stack>
    );
  }
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={people} size="sm" className="portal-back">
        <IconArrowLeft size={14} aria-hidden />
        {t('person.allPeople')}
      </Anchor>
      {person.data ? (
        <>
          <Heading person={person.data} />
          <PersonSections
            key={person.data.id}
            person={person.data}
            view="whole"
            onErased={() => void navigate(people, { replace: true })}
          />
        </>
      ) : (
        <Stack gap="lg" aria-busy>
          <Skeleton height={32} width={240} />
          <div className="portal-columns">
            <Skeleton height={320} />
            <Skeleton height={320} />
          </div>
        </Stack>
      )}
    </Stack>
  );
}

function Heading({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const words = usePersonWords();
  return (
    <div>
      <Group gap="sm" align="center">
        <PageTitle>{person.name}</PageTitle>
        <PersonStatus status={person.status} />
        {person.kind === 'service_account' && (
          <Badge variant="default" tt="none">
            {t('kind.serviceAccount')}
          </Badge>
        )}
      </Group>
      <Text c="dimmed">
        {[
          person.email || t('people.emailHidden'),
          words.role[person.role],
          person.product?.name ?? t('people.noProduct'),
        ].join(' · ')}
      </Text>
    </div>
  );
}
