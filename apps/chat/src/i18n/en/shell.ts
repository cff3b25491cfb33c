export const shell = {
  app: 'Chat',
  pitch: 'Write with AI models, and always see what it costs.',
  skip: 'Skip to the message field',
  skipToContent: 'Skip to the content',
  menu: 'Conversations',
  offline: 'No network. What you write stays here and can be sent when it is back.',
  closeMenu: 'Close conversations',
  title: { bare: 'CloudFreedom Chat', conversation: '{{title}} · CloudFreedom' },
  wrongTenant: {
    title: 'This chat belongs to another organisation',
    text: 'You are signed in as {{email}}. Open the chat of your own organisation; your administrator knows its address.',
  },
  notSetUp: {
    title: 'This chat is not set up yet',
    text: 'Its settings name no proxy or no conversations service. Whoever runs it has to add them to /config.json.',
  },
};
