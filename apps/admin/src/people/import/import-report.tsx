import type { ImportReport } from '@cloudfreedom/contracts';
import { Alert, Badge, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const COLOURS = { create: 'teal', change: 'blue', unchanged: 'gray' } as const;

/** What would happen, or why nothing can: faults first, for they are to be mended. */
export function ImportResult({ report }: { report: ImportReport }) {
  const { t } = useTranslation('app');
  if (report.status === 'refused') return <Faults report={report} />;
  const { created, changed, unchanged } = report;
  const counts = { created, changed, unchanged };
  return (
    <Stack gap="sm">
      <Text role="status">
        {report.status === 'applied' ? t('import.applied', counts) : t('import.checked', counts)}
      </Text>
      {report.status === 'checked' && <Rows report={report} />}
    </Stack>
  );
}

function Rows({ report }: { report: ImportReport }) {
  const { t } = useTranslation('app');
  const words = {
    create: t('import.create'),
    change: t('import.change'),
    unchanged: t('import.unchanged'),
  };
  return (
    <Scrolling label={t('import.rows')} rest={report.lines - report.rows.length}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={80}>{t('import.line')}</Table.Th>
          <Table.Th>{t('person.email')}</Table.Th>
          <Table.Th w={140}>{t('import.action')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {report.rows.map(({ line, key, action }) => (
          <Table.Tr key={line}>
            <Table.Td>{line}</Table.Td>
            <Table.Td>{key}</Table.Td>
            <Table.Td>
              <Badge variant="default" tt="none" leftSection={<Dot colour={COLOURS[action]} />}>
                {words[action]}
              </Badge>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Scrolling>
  );
}

function Dot({ colour }: { colour: string }) {
  return <span className="portal-dot" style={{ background: `var(--mantine-color-${colour}-6)` }} aria-hidden />;
}

function Faults({ report }: { report: ImportReport }) {
  const { t } = useTranslation('app');
  return (
    <Stack gap="sm">
      <Alert color="red" variant="light" role="alert" title={t('import.refused', { count: report.faultsTotal })}>
        {t('import.refusedText')}
      </Alert>
      <Scrolling label={t('import.faults')} rest={report.faultsTotal - report.faults.length}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={80}>{t('import.line')}</Table.Th>
            <Table.Th w={150}>{t('import.column')}</Table.Th>
            <Table.Th>{t('import.fault')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.faults.map(({ line, column, message }) => (
            <Table.Tr key={`${line} ${column} ${message}`}>
              <Table.Td>{line}</Table.Td>
              <Table.Td>{column ?? t('import.wholeLine')}</Table.Td>
              <Table.Td>{message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Scrolling>
    </Stack>
  );
}

function Scrolling(props: { label: string; rest: number; children: React.ReactNode }) {
  const { t } = useTranslation('app');
  return (
    <>
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': props.label }}>
        <Table stickyHeader aria-label={props.label}>
          {props.children}
        </Table>
      </ScrollArea.Autosize>
      {props.rest > 0 && (
        <Group>
          <Text size="sm" c="dimmed">
            {t('import.more', { count: props.rest })}
          </Text>
        </Group>
      )}
    </>
  );
}
