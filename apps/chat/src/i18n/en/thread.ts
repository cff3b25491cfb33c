export const thread = {
  thread: {
    welcome: 'What would you like to know?',
    welcomeText: 'Choose a model and write. The charge of each answer stands right below it.',
    you: 'Your message',
    answerOf: 'Answer of {{model}}',
    answer: 'Answer',
    label: 'Messages',
    waiting: 'The answer is on its way',
    charge: 'Charge',
    toLatest: 'To the latest message',
    noAnswer: 'No answer.',
    askAgain: 'Ask again',
  },
  notice: {
    retry: 'Ask again',
    retryCharged: 'Ask again (charged anew)',
    stopped: 'You stopped the answer. What was written until then is charged.',
    length: 'The answer ended at its upper limit of length, set by the model or by your budget.',
    contentFilter: 'The provider ended the answer because of its content rules.',
    cut: 'The connection was lost. What arrived is kept; asking again is charged anew.',
    unreachable: 'The model service can’t be reached. Check your connection and ask again.',
    unavailable: 'The model service has a fault. Ask again shortly.',
    budgetUnchecked:
      'Your budget could not be checked, so nothing was sent to the model and nothing was charged. Ask again shortly.',
    usageNotRecorded: 'The usage of this answer could not be recorded. Ask again shortly.',
    providerUnreachable: 'The provider of this model can’t be reached. Ask again shortly, or choose another model.',
    providerFault: 'The provider of this model has a fault. Ask again, or choose another model.',
    providerTimeout: 'The provider of this model did not answer in time. Ask again, or choose another model.',
    providerOverloaded:
      'The provider of this model is overloaded. Wait a little, or choose a model of another provider.',
    providerBusy:
      'The provider of this model takes no more requests at the moment. Wait a little, or choose a model of another provider.',
    tooLong: 'This conversation is too long for the model. Begin a new one, or choose a model that takes more.',
    contentRefused: 'The provider refused this question because of its content rules. Put it differently.',
    zero: 'Your budget is {{limit}}, so no request is possible. Ask your administrator for a budget.',
    spent:
      'Your budget does not cover this answer: {{spent}} of {{limit}} are spent, {{remaining}} remain, and at least {{needed}} are needed. It {{end}}. Ask your administrator for more.',
    spentTenant:
      'Your organisation’s budget does not cover this answer; at least {{needed}} are needed. It {{end}}. Ask your administrator for more.',
    spentPlain: 'The budget does not cover this answer. Ask your administrator for more.',
    held: '{{held}} of the budget are held for running requests, {{remaining}} remain, and at least {{needed}} are needed. Wait until they are done, then ask again.',
    heldTenant:
      'The rest of your organisation’s budget is held for running requests; at least {{needed}} are needed. Ask again in a moment.',
    heldPlain: 'The rest of the budget is held for running requests. Wait until they are done, then ask again.',
    rateLimited: 'Too many requests at once. Wait a moment, then ask again.',
    sessionEnded: 'Your session has ended. Sign in again, then ask again.',
    modelGone: 'This model is not available to you any more. Choose another one and ask again.',
    suspended: 'You may not use this service: your account or your organisation is suspended. Ask your administrator.',
    refused: 'The request was refused: {{message}}',
    unexpected: 'The answer could not be read. Ask again; if it happens again, tell your administrator.',
    notStored: 'This answer could not be stored and will be missing when you come back. {{why}}',
  },
};
