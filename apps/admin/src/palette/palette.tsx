import { Loader, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../records/form-dialog.tsx';
import './palette.css';
import { type Command, useCommands } from './use-commands.ts';

const PAUSE_MS = 150;
const GROUPS = ['people', 'keys', 'tenants', 'requests', 'pages', 'actions'] as const;

interface PaletteProps {
  tenantId: string;
  opened: boolean;
  onClose: () => void;
}

/** One field that leads everywhere: pages, people, keys, tenants, a request by its id, and the usual actions. */
export default function Palette({ tenantId, opened, onClose }: PaletteProps) {
  const { t } = useTranslation('app');
  return (
    <FormDialog opened={opened} onClose={onClose} size="lg" title={t('palette.title')}>
      <Choice tenantId={tenantId} onClose={onClose} />
    </FormDialog>
  );
}

function Choice({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const { t } = useTranslation('app');
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, PAUSE_MS);
  const [at, setAt] = useState(0);
  const { commands, busy } = useCommands(tenantId, searched);
  const sorted = GROUPS.flatMap((group) => commands.filter((command) => command.group === group));
  const chosen = Math.min(at, sorted.length - 1);
  const idOf = (command: Command) => `${listId}-${command.group}-${command.id}`;
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && sorted.length > 0) {
      event.preventDefault();
      const next = (chosen + step + sorted.length) % sorted.length;
      setAt(next);
      const command = sorted[next];
      if (command) document.getElementById(idOf(command))?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(sorted[chosen]);
    }
  };
  const active = sorted[chosen];
  return (
    <>
      <TextInput
        size="md"
        variant="unstyled"
        className="portal-palette-field"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        {...(active ? { 'aria-activedescendant': idOf(active) } : {})}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        data-autofocus
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={busy && <Loader size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={t('palette.results')} className="portal-palette">
        {sorted.map((command, index) => (
          <Option
            key={idOf(command)}
            id={idOf(command)}
            command={command}
            heading={sorted[index - 1]?.group !== command.group}
            isChosen={index === chosen}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {sorted.length === 0 && (
        <Text c="dimmed" p="md" role="status">
          {busy ? t('palette.searching') : t('palette.nothing')}
        </Text>
      )}
    </>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  /** The first of its group. */
  heading: boolean;
  isChosen: boolean;
  onRun: () => void;
}

function Option({ id, command, heading, isChosen, onRun }: OptionProps) {
  const { t } = useTranslation('app');
  const groups = {
    people: t('nav.people'),
    keys: t('nav.keys'),
    tenants: t('nav.tenants'),
    requests: t('palette.requests'),
    pages: t('nav.label'),
    actions: t('palette.actions'),
  };
  return (
    <>
      {heading && (
        <div className="portal-palette-group" role="presentation">
          {groups[command.group]}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field, which leads through the list */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the same; the field names the chosen one */}
      <div id={id} role="option" aria-selected={isChosen} className="portal-palette-option" onClick={onRun}>
        <span>{command.title}</span>
        {command.detail && <span className="portal-palette-detail">{command.detail}</span>}
      </div>
    </>
  );
}
