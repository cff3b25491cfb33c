import { Button, Checkbox, NativeSelect, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ALWAYS, COLUMN_NAMES, type Column, type Density } from './columns.ts';

/** Which columns, and how close the rows stand. */
export function ViewMenu(props: {
  shown: Column[];
  titles: Record<Column, string>;
  density: Density;
  onToggle: (column: Column) => void;
  onDensity: (density: Density) => void;
}) {
  const { t } = useTranslation('app');
  return (
    <Popover position="bottom-end" width={240} trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" size="sm" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('view.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <NativeSelect
            label={t('view.density')}
            value={props.density}
            onChange={(event) => props.onDensity(event.currentTarget.value as Density)}
            data={[
              { value: 'comfortable', label: t('view.comfortable') },
              { value: 'compact', label: t('view.compact') },
            ]}
          />
          {COLUMN_NAMES.map((column) => (
            <Checkbox
              key={column}
              size="sm"
              label={props.titles[column]}
              checked={props.shown.includes(column)}
              disabled={ALWAYS.includes(column)}
              onChange={() => props.onToggle(column)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
