import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Calculation } from './calculation.tsx';
import './usage.css';

/** The calculation of one charge. */
export default function CalculationDialog(props: {
  of: { requestId: string } | { reservationId: string };
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
      <Calculation of={props.of} />
    </Modal>
  );
}
