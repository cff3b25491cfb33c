import './shortcuts-dialog.css';
import { Checkbox, Kbd, Modal, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSingleKeys } from './use-shortcuts.ts';

const CTRL = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : null;

/** All keyboard shortcuts. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const [on, setOn] = useSingleKeys();
  const ctrl = CTRL ?? t('shortcuts.ctrl');
  const shift = t('shortcuts.shift');
  const enter = t('shortcuts.enter');
  const always: [string[], string][] = [
    [['?'], t('shortcuts.help')],
    [[ctrl, 'K'], t('shortcuts.search')],
    [[ctrl, shift, 'O'], t('shortcuts.new')],
    [[enter], t('shortcuts.send')],
    [[shift, enter], t('shortcuts.line')],
    [['↑', '↓'], t('shortcuts.walk')],
    [[t('shortcuts.escape')], t('shortcuts.close')],
  ];
  const single: [string[], string][] = [
    [['/'], t('shortcuts.write')],
    [['n'], t('shortcuts.new')],
    [['t'], t('shortcuts.temporary')],
    [['m'], t('shortcuts.model')],
    [['l'], t('shortcuts.latest')],
    [['u'], t('shortcuts.usage')],
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{t('shortcuts.title')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="lg">
        <Keys rows={always} />
        <Checkbox
          label={t('shortcuts.single')}
          description={t('shortcuts.singleHint')}
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
        {on && <Keys rows={single} />}
      </Stack>
    </Modal>
  );
}

function Keys({ rows }: { rows: [string[], string][] }) {
  return (
    <dl className="chat-shortcuts">
      {rows.map(([keys, words]) => (
        <div key={keys.join()}>
          <dt>
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
