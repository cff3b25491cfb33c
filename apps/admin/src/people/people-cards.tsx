import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type PeopleListProps, PersonName } from './people-table.tsx';
import { PersonBudget } from './person-budget.tsx';
import { PersonStatus } from './person-status.tsx';
import { usePersonWords } from './words.ts';

/** The same people where a table is too wide. */
export function PeopleCards({ people, figures, onOpen }: PeopleListProps) {
  const { t } = useTranslation('app');
  const words = usePersonWords();
  if (!people) {
    return (
      <Stack gap="md" p="md" aria-hidden>
        <Skeleton height={84} />
        <Skeleton height={84} />
        <Skeleton height={84} />
      </Stack>
    );
  }
  return (
    <ul className="portal-cards" aria-label={t('nav.people')}>
      {people.map((person) => (
        <li key={person.id}>
          <Group justify="space-between" align="flex-start" wrap="nowrap" mb={4}>
            <div className="portal-card-name">
              <PersonName person={person} onOpen={onOpen} />
            </div>
            <PersonStatus status={person.status} />
          </Group>
          <Text size="sm" c="dimmed" mb="sm">
            {words.role[person.role]} · {person.product?.name ?? t('people.noProduct')}
          </Text>
          <PersonBudget figures={figures.get(person.id)} name={person.name} />
        </li>
      ))}
    </ul>
  );
}
