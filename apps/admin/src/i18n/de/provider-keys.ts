import type { SameTexts } from '@cloudfreedom/ui';
import type { providerKeys as english } from '../en/provider-keys.ts';

export const providerKeys: SameTexts<typeof english> = {
  providerKeys: {
    text: 'Der Proxy dieses Mandanten bewahrt sie verschlüsselt auf und zeigt nie mehr als ihre Enden. Ein neuer Schlüssel gilt binnen zwei Sekunden, ohne Neustart.',
    enter: 'Schlüssel hinterlegen',
    save: 'Prüfen und speichern',
    formText:
      'Der Anbieter wird nach seiner Modellliste gefragt, das kostet nichts. Gespeichert wird nur ein Schlüssel, den er annimmt.',
    label: 'Welcher Schlüssel',
    labelHint: 'Mehrere Schlüssel eines Anbieters teilen sich die Arbeit.',
    weightHint: 'Anteil an der Arbeit.',
    nameHint: 'Wie das Modell ihn nennt.',
    other: 'ein anderer Name',
    key: 'Schlüssel',
    test: 'Vorher prüfen',
    testHint: 'Ohne Prüfung fällt ein Tippfehler erst der nächsten Anfrage auf.',
    empty: 'Noch keine Anbieter-Schlüssel',
    emptyText:
      'Ohne Schlüssel seines Anbieters wird ein Modell nicht bedient; in Demo- und Entwicklungs-Mandanten wird es simuliert.',
    ofEnvironment: 'Aus den Einstellungen des Proxys',
    enteredBy: 'Hinterlegt von {{name}}',
    weightOf: 'Gewicht {{weight}}',
    tested: 'Vom Anbieter angenommen',
    untested: 'Nicht geprüft',
    rests: 'Beiseitegelegt: Der Anbieter hat ihn eben abgelehnt',
    exchange: 'Austauschen',
    exchangeOf: '{{name}} austauschen',
    remove: 'Entfernen',
    removeOf: '{{name}} entfernen',
    removeTitle: '{{name}} entfernen?',
    removeText:
      'Anfragen nutzen ihn nicht mehr. War er der einzige, werden Modelle des Anbieters nicht mehr bedient. Das lässt sich nicht rückgängig machen.',
    refused:
      '{{name}} hat für {{key}} einen anderen Schlüssel versucht; der Anbieter hat ihn abgelehnt, geändert wurde nichts.',
    notAsked:
      '{{name}} hat für {{key}} einen anderen Schlüssel versucht; der Anbieter war nicht zu fragen, geändert wurde nichts.',
    rejected: 'Der Anbieter nimmt diesen Schlüssel nicht an. Prüfen Sie ihn, oder kopieren Sie ihn noch einmal.',
    couldNotTest:
      'Der Anbieter war nicht zu fragen. Versuchen Sie es gleich noch einmal, oder speichern Sie ohne Prüfung.',
    noEncryption:
      'Dieser Proxy hat keinen Schlüssel zum Verschlüsseln (PROVIDER_KEY_ENCRYPTION_KEY); Schlüssel können nur in seinen Einstellungen stehen.',
    foreign: 'Anbieter-Schlüssel gehören dem Mandanten',
    foreignText:
      'Nur Admins von {{tenant}} hinterlegen und sehen die Schlüssel seines Proxys. Ob seine Modelle bedient werden, sehen Sie unter Modelle.',
    down: 'Der Proxy ist nicht erreichbar',
    downText: 'Kein Proxy dieses Mandanten hat sich in der letzten halben Minute gemeldet. Dort liegen die Schlüssel.',
  },
};
