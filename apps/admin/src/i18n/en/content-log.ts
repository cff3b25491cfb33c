export const contentLog = {
  contentLog: {
    text: 'Usually nobody keeps what people ask and what the models answer: only how much it was. An organisation that must be able to read it later can have it kept.',
    off: 'Off: requests and answers are not kept',
    offText: 'What people save as chats is theirs alone and has nothing to do with this.',
    on_one: 'On: requests and answers are kept for {{count}} day',
    on_other: 'On: requests and answers are kept for {{count}} days',
    onText: 'You find each with its row under Usage. Each look is in the audit log.',
    switchOn: 'Switch on',
    change: 'Change the days',
    switchOff: 'Switch off',
    foreign: 'Only admins of {{tenant}} switch it on and read what is kept.',
    title: 'Keep requests and answers',
    meansAll:
      'All that people of your organisation ask is kept with its answer, from the chat, temporary chats too, and from programs. Of a long one the first 65,536 characters of the answer and the last ones of the request; pictures and files are not kept.',
    meansWhere:
      'It is kept in your organisation’s own database, and deleted after these days, with the person, or when you switch off.',
    meansWho:
      'All admins of your organisation can read it. Each look is in the audit log, and the person finds it in their data.',
    meansTold:
      'The chat tells everybody where they write. Programs get a response header; people who use them, or Open WebUI, you have to tell yourself.',
    days: 'Days',
    daysHint: 'From 1 to 90. Fewer days delete what is older at once.',
    confirm:
      'There is a legal basis for it, the works council has agreed where there is one, and people are informed (GDPR, Art. 6, 13 and 88).',
    confirmMissing: 'Confirm this first. Without it, it must not be switched on.',
    save: 'Keep requests and answers',
    offTitle: 'Switch off?',
    offConsequence: 'From now on nothing is kept, and what was kept is deleted within a minute. This can’t be undone.',
    content: 'Content',
    look: 'Show content',
    lookNote: 'Your look is written in the audit log, with your name.',
    looked: 'Your look was written in the audit log.',
    cut: 'It was long: not all of it is kept.',
    notFound: 'Nothing is kept of this request: it is from before, or its time is over.',
    sealed: 'It was encrypted with a key that the proxy does not have any more.',
    notNoted: 'The audit log can’t be written at the moment, so nothing is shown. Try again shortly.',
    noAnswer: 'There was no answer in words.',
    role: { user: 'Request', assistant: 'Answer', system: 'Instructions', tool: 'Result of a tool' },
  },
};
