/** The words of mails about budgets, in the form of the other mails' (`mail-texts-de.js`, `mail-texts-en.js`). */

/** Cents, and smaller parts of them only where there are; nothing is rounded up. */
const euro =
  ({ point, thousands, lay }) =>
  (amount) => {
    const [whole, fraction = ''] = amount.split('.');
    const parts = fraction.slice(0, 4).replace(/0+$/, '').padEnd(2, '0');
    return lay(`${whole.replace(/\B(?=(\d{3})+$)/g, thousands)}${point}${parts}`);
  };
const inGerman = euro({ point: ',', thousands: '.', lay: (number) => `${number}\u00a0€` });
const inEnglish = euro({ point: '.', thousands: ',', lay: (number) => `€${number}` });
const quoted = (label, text) => (text ? [`${label}: ${text}`] : []);

const de = {
  budget_alert: ({ threshold, spent, limit, until }) => ({
    subject: `${threshold} % Ihres KI-Budgets sind verbraucht`,
    lines: [
      `Sie haben ${inGerman(spent)} von ${inGerman(limit)} verbraucht, das sind ${threshold} %.`,
      threshold === '100'
        ? `Bis ${until} sind keine weiteren Anfragen möglich, außer Ihre Administration erhöht das Budget. Sie können um mehr bitten.`
        : `Das Budget gilt bis ${until}. Reicht es nicht, können Sie um mehr bitten.`,
    ],
    button: 'Budget ansehen',
    notes: [],
  }),
  tenant_budget_alert: ({ threshold, spent, limit, until }) => ({
    subject: `${threshold} % des KI-Budgets Ihrer Organisation sind verbraucht`,
    lines: [
      `Ihre Organisation hat ${inGerman(spent)} von ${inGerman(limit)} verbraucht, das sind ${threshold} %.`,
      threshold === '100'
        ? `Bis ${until} sind für niemanden weitere Anfragen möglich. Wer wie viel verbraucht hat, steht im Portal.`
        : `Das Budget gilt bis ${until}. Wer wie viel verbraucht hat, steht im Portal.`,
    ],
    button: 'Übersicht öffnen',
    notes: [
      'Sie bekommen diese Mail, weil Sie Ihre Organisation verwalten. Ab wann gewarnt wird, stellen Sie im Portal ein.',
    ],
  }),
  budget_request: ({ person, amount, reason }) => ({
    subject: `${person} bittet um mehr KI-Budget`,
    lines: [
      `${person} bittet für diesen Monat um ${inGerman(amount)} mehr.`,
      ...quoted('Begründung', reason),
      'Entscheiden Sie im Portal darüber. Das Ergebnis wird beiden Seiten mitgeteilt.',
    ],
    button: 'Über die Bitte entscheiden',
    notes: [],
  }),
  budget_decision: ({ outcome, amount, note }) => ({
    subject: outcome === 'approved' ? 'Mehr KI-Budget für Sie' : 'Ihre Bitte um mehr KI-Budget wurde abgelehnt',
    lines: [
      outcome === 'approved'
        ? `Ihre Bitte wurde angenommen: In diesem Monat haben Sie ${inGerman(amount)} mehr.`
        : `Ihre Bitte um ${inGerman(amount)} mehr wurde abgelehnt.`,
      ...quoted('Anmerkung', note),
    ],
    button: 'Budget ansehen',
    notes: [],
  }),
  budget_request_decided: ({ person, decider, outcome, amount }) => ({
    subject: `Entschieden: ${person} und mehr KI-Budget`,
    lines: [
      outcome === 'approved'
        ? `${decider} hat die Bitte von ${person} angenommen: ${inGerman(amount)} mehr in diesem Monat.`
        : `${decider} hat die Bitte von ${person} um ${inGerman(amount)} mehr abgelehnt.`,
      'Sie brauchen nichts zu tun.',
    ],
    button: 'Bitten ansehen',
    notes: [],
  }),
};

const en = {
  budget_alert: ({ threshold, spent, limit, until }) => ({
    subject: `${threshold}% of your AI budget is spent`,
    lines: [
      `You have spent ${inEnglish(spent)} of ${inEnglish(limit)}, which is ${threshold}%.`,
      threshold === '100'
        ? `No further requests are possible until ${until}, unless your administrator raises the budget. You can ask for more.`
        : `The budget lasts until ${until}. Should it not be enough, you can ask for more.`,
    ],
    button: 'See the budget',
    notes: [],
  }),
  tenant_budget_alert: ({ threshold, spent, limit, until }) => ({
    subject: `${threshold}% of your organisation's AI budget is spent`,
    lines: [
      `Your organisation has spent ${inEnglish(spent)} of ${inEnglish(limit)}, which is ${threshold}%.`,
      threshold === '100'
        ? `No further requests are possible for anybody until ${until}. The portal shows who has spent how much.`
        : `The budget lasts until ${until}. The portal shows who has spent how much.`,
    ],
    button: 'Open the overview',
    notes: [
      'You get this mail because you manage your organisation. From when on you are warned is set in the portal.',
    ],
  }),
  budget_request: ({ person, amount, reason }) => ({
    subject: `${person} asks for more AI budget`,
    lines: [
      `${person} asks for ${inEnglish(amount)} more for this month.`,
      ...quoted('Reason', reason),
      'Decide about it in the portal. Both sides are told.',
    ],
    button: 'Decide about the request',
    notes: [],
  }),
  budget_decision: ({ outcome, amount, note }) => ({
    subject: outcome === 'approved' ? 'More AI budget for you' : 'Your request for more AI budget was declined',
    lines: [
      outcome === 'approved'
        ? `Your request was approved: you have ${inEnglish(amount)} more in this month.`
        : `Your request for ${inEnglish(amount)} more was declined.`,
      ...quoted('Note', note),
    ],
    button: 'See the budget',
    notes: [],
  }),
  budget_request_decided: ({ person, decider, outcome, amount }) => ({
    subject: `Decided: ${person} and more AI budget`,
    lines: [
      outcome === 'approved'
        ? `${decider} has approved the request of ${person}: ${inEnglish(amount)} more in this month.`
        : `${decider} has declined the request of ${person} for ${inEnglish(amount)} more.`,
      'There is nothing for you to do.',
    ],
    button: 'See the requests',
    notes: [],
  }),
};

module.exports = { de, en };
