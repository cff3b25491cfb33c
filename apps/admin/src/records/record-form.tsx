import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DifferenceNotice } from './difference-notice.tsx';
import { NotSaved } from './not-saved.tsx';
import type { RecordEditor } from './use-record-editor.ts';

interface RecordFormProps<Field extends string, Saved> {
  editor: RecordEditor<Field, Saved>;
  labels: Record<Field, string>;
  /** What the button says. */
  action: string;
  /** Said after saving. */
  saved?: string;
  /** What saving would do; not shown while somebody else's changes are. */
  effects?: ReactNode;
  disabled?: boolean;
  children: ReactNode;
}

/** The fields of a record, what saving would do, what somebody else has changed, and the button. */
export function RecordForm<Field extends string, Saved>(props: RecordFormProps<Field, Saved>) {
  const { t } = useTranslation('app');
  const { editor } = props;
  return (
    <form onSubmit={editor.submit} noValidate>
      <Stack gap="md">
        {props.children}
        {editor.conflict ? (
          <DifferenceNotice
            differences={editor.conflict.differences}
            labels={props.labels}
            onTakeTheirs={editor.conflict.takeTheirs}
            onKeepMine={editor.conflict.keepMine}
          />
        ) : (
          props.effects
        )}
        <NotSaved error={editor.error} />
        <Group gap="sm">
          <Button type="submit" loading={editor.busy} disabled={editor.conflict !== null || props.disabled === true}>
            {props.action}
          </Button>
          <Text size="sm" className="portal-done" role="status">
            {editor.done && (props.saved ?? t('record.saved'))}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
