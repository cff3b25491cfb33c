/** The words of every mail in English. What a person typed (names) is put in as it is; the layout escapes it. */
const ignore = 'If you did not ask for this, there is nothing to do: without this mail nothing changes.';
const notYou = 'If this was not you, please choose a new password at once and tell your administrator.';

module.exports = {
  greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
  linkHint: 'If the button does not open, copy this address into your browser:',
  automatic: 'This mail was sent automatically.',

  verification: ({ hours }) => ({
    subject: 'Please confirm your e-mail address',
    lines: ['please confirm that this e-mail address is yours.'],
    button: 'Confirm e-mail address',
    notes: [`The link is good for ${hours} hours.`, ignore],
  }),
  password_reset: ({ minutes }) => ({
    subject: 'Choose a new password',
    lines: ['a new password was asked for your account. Choose it with the button.'],
    button: 'Choose a new password',
    notes: [`The link is good for ${minutes} minutes, and once only.`, ignore],
  }),
  email_change: ({ minutes }) => ({
    subject: 'Please confirm your new e-mail address',
    lines: ['you want to sign in with this e-mail address from now on. Please confirm it with your password.'],
    button: 'Confirm new e-mail address',
    notes: [`The link is good for ${minutes} minutes, and once only.`, ignore],
  }),
  code: ({ minutes }) => ({
    subject: 'Your code to sign in',
    lines: ['complete your sign-in with this code:'],
    notes: [`The code is good for ${minutes} minutes, and once only. Don’t pass it on to anybody.`, notYou],
  }),
  invitation: ({ inviter, tenant, days }) => ({
    subject: `Invitation to ${tenant}`,
    lines: [
      `${inviter} invites you to use ChatGPT, Claude and Gemini in one place with ${tenant}.`,
      'Accept the invitation and choose how you want to sign in.',
    ],
    button: 'Accept invitation',
    notes: [`The invitation is good for ${days} days. If it means nothing to you, just ignore it.`],
  }),
  password_changed: ({ time }) => ({
    subject: 'Your password was changed',
    lines: [`your password was changed on ${time}. All earlier sessions have ended.`],
    button: 'Choose a new password',
    notes: [notYou],
  }),
  email_changed: ({ time }) => ({
    subject: 'Your e-mail address was changed',
    lines: [`the e-mail address of your account was changed on ${time}. This one is no longer good for signing in.`],
    notes: ['If this was not you, please tell your administrator at once.'],
  }),
  account_waits: ({ time }) => ({
    subject: 'Many wrong passwords for your account',
    lines: [
      `on ${time} a wrong password was entered for your account ten times. For 15 minutes nobody can sign in to it with a password.`,
      'If you don’t want to wait, choose a new password: after that you can sign in at once.',
    ],
    button: 'Choose a new password',
    notes: ['If this was not you, your account is still safe as long as nobody else knows your password.'],
  }),
};
