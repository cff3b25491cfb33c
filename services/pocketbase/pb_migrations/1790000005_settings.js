/** Settings of the server: name, limits of sign-in, logs, backups. E-mail stays off until SMTP is configured. */
migrate((app) => {
  const settings = app.settings();
  settings.meta.appName = 'CloudFreedom';
  settings.meta.senderName = 'CloudFreedom';
  settings.logs.maxDays = 7;
  settings.logs.minLevel = 0;
  settings.logs.logIP = false;
  settings.logs.logAuthId = true;
  settings.batch.enabled = false;
  settings.smtp.enabled = false;
  // Keyed by client address, which a whole office may share: about one try a second, more than a person ever needs.
  settings.rateLimits.enabled = true;
  settings.rateLimits.rules = [
    { label: '*:auth', audience: '', duration: 60, maxRequests: 60 },
    { label: '*:authRefresh', audience: '', duration: 60, maxRequests: 600 },
    { label: '*:requestOTP', audience: '', duration: 60, maxRequests: 5 },
    { label: '*:requestPasswordReset', audience: '', duration: 60, maxRequests: 5 },
    { label: '*:requestVerification', audience: '', duration: 60, maxRequests: 5 },
    { label: '*:requestEmailChange', audience: '', duration: 60, maxRequests: 5 },
    // Identity and billing ask for everybody from one address.
    { label: '/api/internal/', audience: '', duration: 10, maxRequests: 50000 },
    { label: '/api/', audience: '', duration: 10, maxRequests: 5000 },
  ];
  settings.backups.cron = '15 3 * * *';
  settings.backups.cronMaxKeep = 7;
  app.save(settings);

  const users = app.findCollectionByNameOrId('users');
  users.passwordAuth.enabled = true;
  users.passwordAuth.identityFields = ['email'];
  users.authToken.duration = 24 * 60 * 60;
  users.authAlert.enabled = false;
  users.otp.enabled = false;
  users.mfa.enabled = false;
  users.oauth2.enabled = false;
  app.save(users);

  const superusers = app.findCollectionByNameOrId('_superusers');
  superusers.authAlert.enabled = false;
  app.save(superusers);
});
