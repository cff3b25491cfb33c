export const markdown = {
  markdown: {
    asksFirst: 'asks before it opens',
    imageNotLoaded: 'Image, not loaded: {{text}}',
    imageUnnamed: 'Image, not loaded',
    table: 'Table',
    code: 'Code',
    copyCode: 'Copy code',
    copied: 'Copied',
    footnotes: 'Footnotes',
    leaveTitle: 'Open {{target}}?',
    leaveText: 'The model wrote this address. All of it reaches {{target}} when you open it.',
    mailTitle: 'Write an e-mail?',
    mailText: 'The model wrote this address. Your mail program opens; nothing is sent by itself.',
    carriesData: 'This address carries more than a place. Open it only if nothing of yours stands in it.',
    copyAddress: 'Copy address',
    open: 'Open',
  },
};
