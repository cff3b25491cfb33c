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
    searchHint: 'Name, Stärke oder Fähigkeit',
    chosen: 'gewählt',
    cost: 'etwa {{cents}} ct',
    costLess: 'unter {{cents}} ct',
    costNothing: 'kostenlos',
    costNote: 'Daneben: was eine übliche Antwort kostet.',
    ability: {
      images: 'Bilder',
      pdf: 'PDF',
      thinking: 'Denkt vorher nach',
      longTexts: 'Lange Texte (etwa {{pages}} Seiten)',
    },
    languagesMore: '{{named}} + {{more}}',
    switched: 'Ab hier antwortet {{model}}',
    noMatch: 'Kein Modell passt dazu.',
    other: 'Weitere',
    loadFailed: 'Modelle nicht geladen',
  },
};
