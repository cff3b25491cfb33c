import type { SameTexts } from '@cloudfreedom/ui';
import type { usage as english } from '../en/usage.ts';

export const usage: SameTexts<typeof english> = {
  usage: {
    at: 'Zeit',
    person: 'Person',
    model: 'Modell',
    tokens: 'Token',
    tokensHint: '{{input}} hinein, {{output}} heraus',
    charge: 'Betrag',
    duration: 'Dauer',
    outcome: 'Ergebnis',
    estimated: 'geschätzt',
    simulated: 'simuliert',
    unknown: 'unbekannt',
    more: 'Mehr laden',
    end: 'Das ist alles.',
    empty: 'Noch keine Nutzung',
    emptyText: 'Jede Anfrage an ein Modell erscheint hier mit ihren Token und ihrem genauen Betrag.',
    table: 'Nutzung, neueste zuerst',
  },
  outcome: {
    completed: 'abgeschlossen',
    clientClosed: 'von der Person angehalten',
    upstreamError: 'Fehler beim Anbieter',
    budgetStopped: 'vom Budget angehalten',
    expired: 'abgelaufen',
    corrected: 'berichtigt',
  },
};
