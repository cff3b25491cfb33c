import type { SameTexts } from '@cloudfreedom/ui';
import type { budget as english } from '../en/budget.ts';

export const budget: SameTexts<typeof english> = {
  budget: {
    label: 'Ihr Budget in diesem Monat',
    open: 'Budget: {{summary}}. Einzelheiten zeigen',
    free: '{{amount}} frei',
    spent: '{{amount}} verbraucht',
    month: 'Ihr Budget im {{month}}',
    period: 'Der Budgetzeitraum {{end}}.',
    holds: 'Reserviert für laufende Anfragen',
    unavailable: 'Budget nicht verfügbar',
  },
};
