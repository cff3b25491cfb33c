export const en = {
  app: 'Sign-in',
  pitch: 'You go on to {{application}}.',
  going: 'Going on to {{application}} …',
  stuck: {
    title: 'You can’t go on to {{application}}',
    otherAccount: 'Sign in with another account',
    again: 'Try again',
  },
  nowhere: {
    title: 'Open your application',
    text: 'People are led here when they sign in to an application of their organisation. Open it and sign in there.',
  },
  expired: {
    title: 'This sign-in has expired',
    text: 'Go back to the application and sign in there again.',
  },
};
