import { SignInGate, useApp, usePerson } from '@cloudfreedom/ui';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { AnswersProvider } from './answers/answers-context.tsx';
import { ConversationPage } from './conversations/conversation-page.tsx';
import { TemporaryPage } from './conversations/temporary-page.tsx';
import { ChatShell } from './shell/chat-shell.tsx';
import { SentencePage } from './shell/sentence-page.tsx';

const AssistantsPage = lazy(() => import('./assistants/assistants-page.tsx'));
const AssistantFormPage = lazy(() => import('./assistants/assistant-form-page.tsx'));
const DeveloperPage = lazy(() => import('./developer/developer-page.tsx'));
const UsagePage = lazy(() => import('./usage/usage-page.tsx'));
const SharedPage = lazy(() => import('./conversations/shared-page.tsx'));

export function Chat() {
  const { t } = useTranslation('app');
  return (
    <SignInGate app={t('app')} pitch={t('pitch')}>
      <OwnTenantOnly />
    </SignInGate>
  );
}

/** The services refuse other tenants' people at every request; this says so in words. */
function OwnTenantOnly() {
  const { t } = useTranslation('app');
  const { config } = useApp();
  const person = usePerson();
  if (config.tenantId !== null && config.tenantId !== person.tenantId) {
    return <SentencePage title={t('wrongTenant.title')} text={t('wrongTenant.text', { email: person.email })} />;
  }
  const { proxyUrl, conversationsUrl } = config;
  if (proxyUrl === null || conversationsUrl === null) {
    return <SentencePage title={t('notSetUp.title')} text={t('notSetUp.text')} />;
  }
  return (
    <AnswersProvider urls={{ proxyUrl, conversationsUrl }}>
      <BrowserRouter>
        <Routes>
          <Route element={<ChatShell />}>
            <Route path="/" element={<ConversationPage />} />
            <Route path="/c/:conversationId" element={<ConversationPage />} />
            <Route path="/temporary" element={<TemporaryPage />} />
            <Route
              path="/assistants"
              element={
                <Suspense>
                  <AssistantsPage />
                </Suspense>
              }
            />
            {['/assistants/new', '/assistants/:assistantId'].map((path) => (
              <Route
                key={path}
                path={path}
                element={
                  <Suspense>
                    <AssistantFormPage key={path} />
                  </Suspense>
                }
              />
            ))}
            <Route
              path="/usage"
              element={
                <Suspense>
                  <UsagePage />
                </Suspense>
              }
            />
            <Route
              path="/developer"
              element={
                <Suspense>
                  <DeveloperPage />
                </Suspense>
              }
            />
            <Route
              path="/s/:shareId"
              element={
                <Suspense>
                  <SharedPage />
                </Suspense>
              }
            />
          </Route>
          <Route path="*" element={<Navigate to="/" replace />} />
        </Routes>
      </BrowserRouter>
    </AnswersProvider>
  );
}
