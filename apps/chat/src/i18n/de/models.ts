import type { SameTexts } from '@cloudfreedom/ui';
import type { models as english } from '../en/models.ts';

export const models: SameTexts<typeof english> = {
  models: {
    label: 'Modell: {{name}}',
    choose: 'Modell wählen',
    none: 'Kein Modell verfügbar',
    simulatedName: '{{name}} (simuliert)',
    simulatedNote: 'Simulierte Modelle ahmen Antworten nur nach.',
    search: 'Modell suchen',
    noMatch: 'Kein Modell passt dazu.',
    other: 'Weitere',
    loadFailed: 'Modelle nicht geladen',
  },
};
