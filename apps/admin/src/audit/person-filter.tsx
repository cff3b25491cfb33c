import { Button, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FindPerson } from '../usage/find-person.tsx';

/** Whose changes. */
export function PersonFilter({ onChoose }: { onChoose: (personId: string) => void }) {
  const { t } = useTranslation('app');
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={toggle} position="bottom-start" width={300} trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconUserSearch size={16} aria-hidden />}
          aria-expanded={opened}
          onClick={toggle}
        >
          {t('audit.byPerson')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FindPerson
          onChoose={(id) => {
            onChoose(id);
            close();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
