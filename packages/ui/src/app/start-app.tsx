import type { AppConfig } from '@cloudfreedom/contracts';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { theme } from '../appearance/theme.ts';
import { type AppTexts, changeLanguage, startI18n } from '../i18n/i18n.ts';
import { chosenLanguage, preferredLanguage } from '../i18n/language.ts';
import { failureKind } from '../session/failure.ts';
import type { Person } from '../session/person.ts';
import { createSession, type Session, storedLocale } from '../session/session.ts';
import { AppContext } from '../session/session-context.tsx';
import { Boundary } from '../states/boundary.tsx';
import { loadAppConfig } from './app-config.ts';
import { ConfigProblem } from './config-problem.tsx';

export interface AppDefinition {
  texts: AppTexts;
  /** What the app's access token is for. */
  audiences: (config: AppConfig, person: Person) => string[];
  app: ReactNode;
}

const RETRIES = 2;
const STALE_MS = 10_000;

/** Read the configuration and put the app (or a page that says what is wrong) into `#root`. */
export async function startApp(definition: AppDefinition): Promise<void> {
  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no #root');
  const language = chosenLanguage() ?? (storedLocale() || preferredLanguage(navigator.languages));
  const [texts, loaded] = await Promise.all([startI18n(definition.texts, language), loadAppConfig('/config.json')]);
  const root = createRoot(element);
  if (!loaded.ok) {
    root.render(
      <Foundation texts={texts}>
        <ConfigProblem faults={loaded.faults} />
      </Foundation>,
    );
    return;
  }
  const { config } = loaded;
  const session = createSession({
    pocketbaseUrl: config.pocketbaseUrl,
    identityUrl: config.identityUrl,
    audiences: (person) => definition.audiences(config, person),
  });
  const queries = createQueryClient();
  forgetOnSignOut(session, queries);
  root.render(
    <Foundation texts={texts}>
      <QueryClientProvider client={queries}>
        <AppContext value={{ config, session }}>
          <LanguageOfPerson session={session} />
          <Boundary>{definition.app}</Boundary>
        </AppContext>
      </QueryClientProvider>
    </Foundation>,
  );
}

function Foundation({ texts, children }: { texts: i18n; children: ReactNode }) {
  return (
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          {children}
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>
  );
}

/** Only what may mend itself is asked again: no answer, or a service that is down for a moment. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => failures < RETRIES && ['unreachable', 'unavailable'].includes(failureKind(error)),
      },
    },
  });
}

function forgetOnSignOut(session: Session, queries: QueryClient): void {
  let status = session.state().status;
  session.subscribe(() => {
    const next = session.state().status;
    if (next === 'signed_out') queries.clear();
    if (status === 'ended' && next === 'signed_in') void queries.invalidateQueries();
    status = next;
  });
}

/** The person's own language, unless another was chosen on this device. */
function LanguageOfPerson({ session }: { session: Session }) {
  const { i18n: texts } = useTranslation('ui');
  useEffect(() => {
    const apply = () => {
      const state = session.state();
      if (state.status !== 'signed_in' || state.person.locale === '' || chosenLanguage()) return;
      if (state.person.locale !== texts.language) void changeLanguage(texts, state.person.locale);
    };
    apply();
    return session.subscribe(apply);
  }, [session, texts]);
  return null;
}
