import { Modal, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Calculation } from './calculation.tsx';
import './usage.css';

/** The calculation of a charge; of an answer that went on, of each part. */
export default function CalculationDialog(props: {
  of: ({ requestId: string } | { reservationId: string })[];
  onClose: () => void;
}) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      centered
      title={<b>{t('calculation.title')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="xl">
        {props.of.map((one) => (
          <Calculation key={Object.values(one)[0]} of={one} />
        ))}
      </Stack>
    </Modal>
  );
}
