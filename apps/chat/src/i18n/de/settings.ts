import type { SameTexts } from '@cloudfreedom/ui';
import type { settings as english } from '../en/settings.ts';

export const settings: SameTexts<typeof english> = {
  settings: {
    open: 'Weitere Einstellungen',
    openSet: 'Weitere Einstellungen (etwas ist gesetzt)',
    title: 'Wie das Modell hier antwortet',
    instructions: 'Anweisungen (System-Prompt)',
    instructionsHint: 'Gehen vor jeder Frage dieser Unterhaltung mit und werden mit ihr berechnet.',
    temperatureSet: 'Temperatur festlegen',
    temperature: 'Temperatur: {{value}}',
    temperatureHint: 'Niedrig ist gleichmäßig, hoch überraschend. Nicht jedes Modell nimmt sie, und nicht jeden Wert.',
    thinking: 'Nachdenken',
    thinkingHint: 'Mehr Nachdenken dauert länger und kostet mehr. Es wird berechnet wie die Antwort selbst.',
    thinkingNot: 'Das jetzt gewählte Modell denkt nicht vorher nach; dies gilt für andere.',
    modelsOwn: 'Wie das Modell es tut',
    effort: { none: 'Keins', low: 'Wenig', medium: 'Etwas', high: 'Viel' },
    save: 'Speichern',
  },
};
