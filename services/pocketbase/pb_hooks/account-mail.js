/** The mails that PocketBase asks to be sent: our words, and links to our pages instead of its own. */
const mail = require(`${__hooks}/mail.js`);
const links = require(`${__hooks}/app-links.js`);
const minutesOf = (seconds) => Math.round(seconds / 60);

const link = (e, path) => links.to(e.app, e.record, path, e.meta.token);
const options = (e) => e.record.collection();

module.exports = {
  verification(e) {
    const hours = minutesOf(options(e).verificationToken.duration) / 60;
    mail.rewrite(e, 'verification', e.record, { url: link(e, '/verify-email'), hours });
  },
  passwordReset(e) {
    const minutes = minutesOf(options(e).passwordResetToken.duration);
    mail.rewrite(e, 'password_reset', e.record, { url: link(e, '/reset-password'), minutes });
  },
  emailChange(e) {
    const minutes = minutesOf(options(e).emailChangeToken.duration);
    mail.rewrite(e, 'email_change', e.record, { url: link(e, '/confirm-email'), minutes });
  },
  code(e) {
    mail.rewrite(e, 'code', e.record, { code: e.meta.password, minutes: minutesOf(options(e).otp.duration) });
  },
};
