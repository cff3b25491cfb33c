import { Drawer, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** One record beside the list that it was opened from. */
export function RecordPanel(props: { opened: boolean; title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Drawer.Root opened={props.opened} onClose={props.onClose} position="right" size={560}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className="portal-drawer-header">
          <Drawer.Title>
            <Text span fw={650} size="xl">
              {props.title}
            </Text>
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t('ui:actions.close')} />
        </div>
        <Drawer.Body>{props.children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}
