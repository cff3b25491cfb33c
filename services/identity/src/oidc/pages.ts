/** The few pages that the OpenID provider shows by itself: signing out, and what went wrong. */
import { requestedLanguage } from '@cloudfreedom/service-kit';

const WORDS = {
  de: {
    signOut: { title: 'Abmelden', text: 'Möchten Sie sich überall abmelden, wo Sie mit diesem Konto angemeldet sind?' },
    yes: 'Abmelden',
    no: 'Angemeldet bleiben',
    signedOut: { title: 'Sie sind abgemeldet', text: 'Sie können dieses Fenster schließen.' },
    failed: {
      title: 'Die Anmeldung ging nicht weiter',
      text: 'Die Anwendung, aus der Sie kommen, hat etwas geschickt, das hier nicht gilt, oder es ist zu viel Zeit vergangen. Gehen Sie zurück zur Anwendung und melden Sie sich dort noch einmal an.',
    },
  },
  en: {
    signOut: { title: 'Sign out', text: 'Do you want to sign out everywhere you are signed in with this account?' },
    yes: 'Sign out',
    no: 'Stay signed in',
    signedOut: { title: 'You are signed out', text: 'You can close this window.' },
    failed: {
      title: 'The sign-in could not go on',
      text: 'The application you come from has sent something that is not valid here, or too much time has passed. Go back to the application and sign in there once more.',
    },
  },
} as const;

/** Without scripts; the same colours as the apps, in the scheme of the device. */
const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100dvh;display:grid;place-items:center;background:light-dark(#fbfbfa,#161615);color:light-dark(#1d1d1b,#ececea)}main{max-width:26rem;padding:24px}h1{font-size:1.5rem;margin:0 0 8px}p{margin:0 0 24px;color:light-dark(#55554f,#a9a9a3)}button{font:inherit;padding:10px 16px;border-radius:8px;border:1px solid light-dark(#c9c9c3,#4a4a45);background:none;color:inherit;cursor:pointer}button[value=yes]{background:light-dark(#1d1d1b,#ececea);color:light-dark(#fff,#161615);border-color:transparent}.row{display:flex;gap:8px;flex-wrap:wrap}`;

const languageOf = (acceptLanguage: string) => requestedLanguage(acceptLanguage) ?? 'de';

function page(language: 'de' | 'en', { title, text }: { title: string; text: string }, more = ''): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · CloudFreedom</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p>${more}</main></body></html>`;
}

export function messagePage(acceptLanguage: string, kind: 'signedOut' | 'failed'): string {
  const language = languageOf(acceptLanguage);
  return page(language, WORDS[language][kind]);
}

/** @param form of oidc-provider, with the id `op.logoutForm` */
export function logoutPage(acceptLanguage: string, form: string): string {
  const language = languageOf(acceptLanguage);
  const words = WORDS[language];
  const buttons = `<div class="row"><button type="submit" form="op.logoutForm" name="logout" value="yes">${words.yes}</button><button type="submit" form="op.logoutForm">${words.no}</button></div>`;
  return page(language, words.signOut, form + buttons);
}
