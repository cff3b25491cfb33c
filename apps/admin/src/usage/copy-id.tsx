import { UnstyledButton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** An id, copied by a press. */
export function CopyId({ id }: { id: string }) {
  const { t } = useTranslation('app');
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <UnstyledButton className="usage-copy" onClick={() => clipboard.copy(id)}>
      <code className="usage-id">{id}</code>
      {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      <span className="cf-visually-hidden" role="status">
        {clipboard.copied ? t('detail.copied') : t('detail.copy')}
      </span>
    </UnstyledButton>
  );
}
