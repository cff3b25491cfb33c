import type { ConversationSettings, ListedModel } from '@cloudfreedom/contracts';
import { ActionIcon } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPlain } from './plain-settings.ts';

const MoreDialog = lazy(() => import('./more-dialog.tsx'));

/** What few need: instructions, temperature, how long a model thinks. A dot says that something is set. */
export function MoreButton(props: {
  settings: ConversationSettings;
  model: ListedModel | undefined;
  onSave: (settings: ConversationSettings) => Promise<void>;
}) {
  const { t } = useTranslation('app');
  const [opened, setOpened] = useState(false);
  const label = isPlain(props.settings) ? t('settings.open') : t('settings.openSet');
  return (
    <>
      <ActionIcon
        size={36}
        radius="xl"
        variant="subtle"
        color="gray"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        onClick={() => setOpened(true)}
      >
        <IconAdjustments size={20} stroke={1.7} aria-hidden />
        {!isPlain(props.settings) && <span className="chat-dot" aria-hidden />}
      </ActionIcon>
      {opened && (
        <Suspense>
          <MoreDialog {...props} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
