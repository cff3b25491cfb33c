import type { SameTexts } from '@cloudfreedom/ui';
import type { keys as english } from '../en/keys.ts';

export const keys: SameTexts<typeof english> = {
  keys: {
    new: 'Neuer API-Schlüssel',
    create: 'Schlüssel anlegen',
    made: 'Der neue API-Schlüssel {{name}}',
    empty: 'Noch keine API-Schlüssel',
    search: 'Name, Anfang oder Inhaber suchen',
    filters: 'API-Schlüssel filtern',
    count_one: '{{number}} Schlüssel',
    count_other: '{{number}} Schlüssel',
    noMatch: 'So ist kein Schlüssel',
    noMatchText: 'Gesucht wird in Namen, Schlüsselanfängen und Inhabern. Nehmen Sie etwas weg.',
    emptyText: 'Mit einem API-Schlüssel nutzen Programme die Modelle, im Budget der Person oder des Dienstkontos.',
    name: 'Name',
    namePlaceholder: 'wofür er ist',
    owner: 'Für',
    ownerHint: 'Verbraucht wird das Budget, zu dem er gehört.',
    oneself: 'mich selbst',
    noOwner: 'Legen Sie zuerst ein Dienstkonto an.',
    budget: 'Eigenes Budget',
    budgetHint: 'Euro im Monat. Leer: keines.',
    expires: 'Gilt bis',
    expiresHint: 'Leer: ohne Ende.',
    neverExpires: 'ohne Ende',
    past: 'Dieser Tag liegt in der Vergangenheit.',
    modelsHint: 'Ohne Auswahl gelten die des Tarifs.',
    modelsOfProduct: 'die des Tarifs',
    lastUsed: 'Zuletzt benutzt',
    neverUsed: 'nie',
    revokeText:
      'Ab der nächsten Anfrage wird er abgelehnt. Programme, die ihn noch benutzen, bekommen keine Antwort mehr. Das lässt sich nicht zurücknehmen.',
    newAccount: 'Neues Dienstkonto',
    createAccount: 'Dienstkonto anlegen',
    accountText: 'Für Programme: ein eigenes Budget und eigene Schlüssel, aber keine Anmeldung.',
  },
};
