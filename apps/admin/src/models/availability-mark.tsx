import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconCircleX,
  IconCoinOff,
  IconFlask,
  IconKeyOff,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import type { Availability } from './deployment.ts';
import { useAvailabilityWords } from './words.ts';

const ICONS = {
  available: IconCircleCheck,
  simulated: IconFlask,
  failing: IconAlertTriangle,
  recovering: IconRefresh,
  noKey: IconKeyOff,
  notPriced: IconCoinOff,
  disabled: IconCircleOff,
  otherTenants: IconCircleX,
  unknown: IconPlugConnectedX,
};

/** A deployment's state: an icon and a word, what it means on hover. */
export function AvailabilityMark({ availability }: { availability: Availability }) {
  const { name, meaning } = useAvailabilityWords()(availability);
  const Icon = ICONS[availability];
  return (
    <span className="models-state" data-state={availability} title={meaning}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {name}
    </span>
  );
}
