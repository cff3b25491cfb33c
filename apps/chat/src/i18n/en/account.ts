export const account = {
  account: {
    download: 'Download my data',
    downloadFailed: 'Not downloaded. {{why}}',
    chatsMarkdown: 'Conversations as Markdown',
    chatsJson: 'Conversations as JSON',
    erase: 'Delete account',
    eraseTitle: 'Delete your account?',
    eraseGoes:
      'Your profile, API keys, sign-ins and all conversations will be deleted. This cannot be undone. Download your data first if you want to keep it.',
    eraseStays: 'What requests cost stays in your organisation’s sums, without your name.',
    password: 'Your password',
    eraseConfirm: 'Delete for good',
  },
};
