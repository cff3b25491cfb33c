import type { SameTexts } from '@cloudfreedom/ui';
import type { costs as english } from '../en/costs.ts';

export const costs: SameTexts<typeof english> = {
  costs: {
    title: 'Das wird etwa {{amount}} kosten',
    text: 'Von Ihrem Budget sind noch {{free}} frei. Mit jeder Nachricht geht die ganze Unterhaltung an das Modell, deshalb kostet eine lange jedes Mal mehr.',
    textNoLimit:
      'Mit jeder Nachricht geht die ganze Unterhaltung an das Modell, deshalb kostet eine lange jedes Mal mehr.',
    advice:
      'Geschätzt aus der Länge und den heutigen Preisen. Eine neue Unterhaltung oder ein kleineres Modell kostet weniger.',
    notNow: 'Nicht senden',
    send: 'Trotzdem senden',
    conversation: 'Diese Unterhaltung:',
  },
  more: {
    open: 'Mehr anfragen',
    title: 'Mehr Budget anfragen',
    text: 'Ihre Administration wird per E-Mail verständigt und entscheidet. Die Antwort sehen Sie hier.',
    amount: 'Wie viel mehr, in Euro',
    amountWrong: 'Geben Sie einen Betrag ein, zum Beispiel 10 oder 12,50.',
    reason: 'Wofür',
    reasonMissing: 'Schreiben Sie in wenigen Worten, wofür.',
    send: 'Anfrage senden',
    notSent: 'Ihre Anfrage wurde nicht gesendet. {{why}}',
    pending: 'Sie haben {{amount}} angefragt. Die Entscheidung steht noch aus.',
    approved: 'Sie haben {{amount}} mehr bekommen.',
    declined: 'Ihre Anfrage über {{amount}} wurde abgelehnt.',
  },
};
