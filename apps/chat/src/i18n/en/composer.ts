export const composer = {
  composer: {
    label: 'Your message',
    placeholder: 'Write a message',
    send: 'Send',
    stop: 'Stop',
    hint: 'Enter sends, Shift+Enter starts a new line, ? outside the field shows all shortcuts',
    tooLong: 'This message is too long. Shorten it to at most 1,000,000 characters.',
    noModel: 'No model can be used at the moment. Your administrator can allow one.',
    notSent: 'Your message was not sent. {{why}}',
  },
};
