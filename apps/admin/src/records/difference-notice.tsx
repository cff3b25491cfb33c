import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FieldDifference } from './save-record.ts';

interface DifferenceNoticeProps<Field extends string> {
  differences: FieldDifference<Field>[];
  labels: Record<Field, string>;
  /** Drop what is typed here. */
  onTakeTheirs: () => void;
  /** Keep what is typed here, over what the other has saved. */
  onKeepMine: () => void;
}

/** Somebody else has saved the record meanwhile: what they changed, and what to do about it. */
export function DifferenceNotice<Field extends string>(props: DifferenceNoticeProps<Field>) {
  const { t } = useTranslation('app');
  const shown = (value: string) => value || t('record.empty');
  return (
    <div className="portal-note" data-kind="warn" role="alert">
      <Text fw={600}>{t('record.changedTitle')}</Text>
      <Text size="sm">{t('record.changedText')}</Text>
      <dl className="portal-details">
        {props.differences.map(({ field, opened, now, typed }) => (
          <div key={field}>
            <dt>{props.labels[field]}</dt>
            <dd>
              <del>{shown(opened)}</del> → <ins>{shown(now)}</ins>
              {typed !== opened && <Text size="sm">{t('record.typed', { value: shown(typed) })}</Text>}
            </dd>
          </div>
        ))}
      </dl>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={props.onTakeTheirs}>
          {t('record.takeTheirs')}
        </Button>
        <Button size="xs" onClick={props.onKeepMine}>
          {t('record.keepMine')}
        </Button>
      </Group>
    </div>
  );
}
