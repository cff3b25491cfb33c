export const composer = {
  composer: {
    label: 'Your message',
    placeholder: 'Write a message',
    contentLog_one:
      'Your organisation keeps what you write and the answers for {{count}} day, in temporary chats too. Its admins can read it; each look is written down and stands in your data.',
    contentLog_other:
      'Your organisation keeps what you write and the answers for {{count}} days, in temporary chats too. Its admins can read it; each look is written down and stands in your data.',
    send: 'Send',
    stop: 'Stop',
    hint: 'Enter sends, Shift+Enter starts a new line, ? outside the field shows all shortcuts',
    tooLong: 'This message is too long. Shorten it to at most 1,000,000 characters.',
    noModel: 'No model can be used at the moment. Your administrator can allow one.',
    notSent: 'Your message was not sent. {{why}}',
  },
};
