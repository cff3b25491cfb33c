/** What mails about budgets say: one function per template and language, from checked values to subject and lines. */
const euro = (locale) => (amount) => {
  const [whole, fraction = ''] = amount.split('.');
  const cents = `${fraction}00`.slice(0, 2);
  return locale === 'de' ? `${whole},${cents} €` : `€${whole}.${cents}`;
};
const [inGerman, inEnglish] = [euro('de'), euro('en')];

module.exports = {
  de: {
    budget_alert: ({ threshold, spent, limit, until }) => ({
      subject: `${threshold} % Ihres KI-Budgets sind verbraucht`,
      lines: [
        `Sie haben ${inGerman(spent)} von ${inGerman(limit)} verbraucht, das sind ${threshold} %.`,
        threshold === '100'
          ? `Bis ${until} sind keine weiteren Anfragen möglich. Sie können im Portal um mehr bitten.`
          : `Das Budget gilt bis ${until}. Reicht es nicht, können Sie im Portal um mehr bitten.`,
      ],
    }),
    tenant_budget_alert: ({ threshold, spent, limit, until }) => ({
      subject: `${threshold} % des KI-Budgets Ihrer Organisation sind verbraucht`,
      lines: [
        `Ihre Organisation hat ${inGerman(spent)} von ${inGerman(limit)} verbraucht, das sind ${threshold} %.`,
        `Das Budget gilt bis ${until}. Wer wie viel verbraucht hat, steht im Portal.`,
      ],
    }),
    budget_request: ({ person, amount, reason }) => ({
      subject: `${person} bittet um mehr KI-Budget`,
      lines: [
        `${person} bittet um ${inGerman(amount)} mehr.`,
        `Begründung: ${reason}`,
        'Entscheiden Sie im Portal darüber.',
      ],
    }),
    budget_decision: ({ outcome, amount, note }) => ({
      subject: outcome === 'approved' ? 'Mehr KI-Budget für Sie' : 'Ihre Bitte um mehr KI-Budget wurde abgelehnt',
      lines: [
        outcome === 'approved'
          ? `Ihre Bitte um ${inGerman(amount)} mehr wurde angenommen.`
          : `Ihre Bitte um ${inGerman(amount)} mehr wurde abgelehnt.`,
        ...(note ? [`Anmerkung: ${note}`] : []),
      ],
    }),
    budget_request_decided: ({ person, decider, outcome, amount }) => ({
      subject: `Entschieden: ${person} und mehr KI-Budget`,
      lines: [
        outcome === 'approved'
          ? `${decider} hat die Bitte von ${person} angenommen: ${inGerman(amount)} mehr in diesem Monat.`
          : `${decider} hat die Bitte von ${person} um ${inGerman(amount)} mehr abgelehnt.`,
        'Sie brauchen nichts zu tun.',
      ],
    }),
  },
  en: {
    budget_alert: ({ threshold, spent, limit, until }) => ({
      subject: `${threshold}% of your AI budget is spent`,
      lines: [
        `You have spent ${inEnglish(spent)} of ${inEnglish(limit)}, which is ${threshold}%.`,
        threshold === '100'
          ? `No further requests are possible until ${until}. You can ask for more in the portal.`
          : `The budget lasts until ${until}. Should it not be enough, ask for more in the portal.`,
      ],
    }),
    tenant_budget_alert: ({ threshold, spent, limit, until }) => ({
      subject: `${threshold}% of your organisation's AI budget is spent`,
      lines: [
        `Your organisation has spent ${inEnglish(spent)} of ${inEnglish(limit)}, which is ${threshold}%.`,
        `The budget lasts until ${until}. The portal shows who has spent how much.`,
      ],
    }),
    budget_request: ({ person, amount, reason }) => ({
      subject: `${person} asks for more AI budget`,
      lines: [`${person} asks for ${inEnglish(amount)} more.`, `Reason: ${reason}`, 'Decide about it in the portal.'],
    }),
    budget_decision: ({ outcome, amount, note }) => ({
      subject: outcome === 'approved' ? 'More AI budget for you' : 'Your request for more AI budget was declined',
      lines: [
        outcome === 'approved'
          ? `Your request for ${inEnglish(amount)} more was approved.`
          : `Your request for ${inEnglish(amount)} more was declined.`,
        ...(note ? [`Note: ${note}`] : []),
      ],
    }),
    budget_request_decided: ({ person, decider, outcome, amount }) => ({
      subject: `Decided: ${person} and more AI budget`,
      lines: [
        outcome === 'approved'
          ? `${decider} has approved the request of ${person}: ${inEnglish(amount)} more in this month.`
          : `${decider} has declined the request of ${person} for ${inEnglish(amount)} more.`,
        'There is nothing for you to do.',
      ],
    }),
  },
};
