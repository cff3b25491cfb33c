/** Sign-in: settings from the environment, mails in our words, limits against guessing, second factor. */

onSettingsReload((e) => {
  e.next();
  require(`${__hooks}/sign-in-settings.js`).apply(e.app);
});
cronAdd('sign_in_discovery', '*/5 * * * *', () => require(`${__hooks}/sign-in-settings.js`).retryDiscovery($app));

// Before the limits by address (priority -1000), which read the header.
if ($os.getenv('TRUSTED_PROXY_HEADER') !== '')
  routerUse(
    new Middleware(
      (e) => {
        const { proxy } = require(`${__hooks}/sign-in-config.js`).read();
        require(`${__hooks}/client-address.js`).dropForged(e, proxy);
        return e.next();
      },
      -2000,
      'client_address',
    ),
  );

onRecordAuthWithPasswordRequest((e) => require(`${__hooks}/sign-in.js`).withPassword(e));
onRecordAuthRequest((e) => {
  require(`${__hooks}/sign-in.js`).notePassword(e);
  e.next();
});
onRecordRequestOTPRequest((e) => {
  require(`${__hooks}/sign-in.js`).withCode(e);
  e.next();
}, 'users');
routerAdd('POST', '/api/sign-in/code', (e) => e.json(200, require(`${__hooks}/sign-in.js`).requestSecondFactor(e)));
onRecordConfirmPasswordResetRequest((e) => require(`${__hooks}/sign-in.js`).afterReset(e), 'users');
// A suspended person gets no link that leads nowhere; the answer is the same.
for (const on of [onRecordRequestPasswordResetRequest, onRecordRequestVerificationRequest])
  on((e) => {
    if (require(`${__hooks}/sign-in.js`).isSuspended(e.app, e.record)) return e.noContent(204);
    e.next();
  }, 'users');
onRecordUpdate((e) => {
  require(`${__hooks}/sign-in.js`).noteChange(e);
  e.next();
}, 'users');
cronAdd('sign_in_notices', '* * * * *', () => require(`${__hooks}/notices.js`).sendDue($app));
cronAdd('sign_in_failures_purge', '50 4 * * *', () => require(`${__hooks}/attempts.js`).purge($app));

onMailerRecordVerificationSend((e) => {
  require(`${__hooks}/account-mail.js`).verification(e);
  e.next();
}, 'users');
onMailerRecordPasswordResetSend((e) => {
  require(`${__hooks}/account-mail.js`).passwordReset(e);
  e.next();
}, 'users');
onMailerRecordEmailChangeSend((e) => {
  require(`${__hooks}/account-mail.js`).emailChange(e);
  e.next();
}, 'users');
onMailerRecordOTPSend((e) => {
  require(`${__hooks}/account-mail.js`).code(e);
  e.next();
}, 'users');

onRecordAuthWithOAuth2Request((e) => {
  require(`${__hooks}/provider-sign-in.js`).admit(e);
  e.next();
}, 'users');
