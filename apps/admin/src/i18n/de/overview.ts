import type { SameTexts } from '@cloudfreedom/ui';
import type { overview as english } from '../en/overview.ts';

export const overview: SameTexts<typeof english> = {
  overview: {
    spent: 'Verbraucht im {{month}}',
    ofLimit: 'von {{limit}}',
    noLimit: 'Dieser Mandant hat kein eigenes Budget; es zählen die Budgets seiner Personen.',
    period: 'Der Budgetzeitraum {{end}}.',
    topPeople: 'Höchster Verbrauch',
    topPeopleEmpty: 'In diesem Monat hat noch niemand etwas verbraucht.',
    allPeople: 'Alle Personen',
    latest: 'Letzte Anfragen',
    latestEmpty: 'Noch keine Anfragen. Sie erscheinen hier, sobald jemand an ein Modell schreibt.',
    allUsage: 'Gesamte Nutzung',
    budgetOf: 'Budget von {{name}}',
    byDay: 'Beträge nach Tagen',
    euro: 'Euro',
    day: 'Tag',
    inMonth: 'im {{month}}',
    otherModels: 'Andere Modelle',
    tenantBudget: 'Budget des Mandanten',
  },
};
