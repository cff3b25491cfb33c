import { ErrorState } from '@cloudfreedom/ui';
import { Skeleton, Stack } from '@mantine/core';
import { RecordPanel } from '../records/record-panel.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { usePerson } from './people.queries.ts';
import { PersonSections } from './person-sections.tsx';

interface PersonDrawerProps {
  /** null: closed. */
  personId: string | null;
  onClose: () => void;
}

/** A quick look at one person, beside the list. */
export function PersonDrawer({ personId, onClose }: PersonDrawerProps) {
  const tenant = useTenantOnShow();
  const person = usePerson(tenant.id, personId ?? '');
  return (
    <RecordPanel opened={personId !== null} title={person.data?.name ?? '…'} onClose={onClose}>
      {person.data ? (
        <PersonSections key={person.data.id} person={person.data} view="quick" onErased={onClose} />
      ) : person.isError ? (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      ) : (
        <Stack gap="md" aria-busy>
          <Skeleton height={64} />
          <Skeleton height={140} />
        </Stack>
      )}
    </RecordPanel>
  );
}
