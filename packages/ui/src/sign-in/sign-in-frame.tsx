import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Brand } from '../app/brand.tsx';
import { LegalLinks } from '../app/legal-links.tsx';
import { ColorSchemeSwitch, LanguageSwitch } from '../appearance/switches.tsx';

interface FrameProps {
  app: string;
  title: string;
  /** Below the title. */
  text?: ReactNode;
  children?: ReactNode;
}

/** The page around everything that happens before somebody is signed in. */
export function SignInFrame({ app, title, text, children }: FrameProps) {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [title]);
  return (
    <div className="cf-signin">
      <header className="cf-signin-top">
        <Brand app={app} />
        <Group gap={4} wrap="nowrap">
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
      </header>
      <main className="cf-signin-main">
        <div className="cf-signin-card">
          <Title order={1}>{title}</Title>
          <Text component="div" c="dimmed" mt={6} mb="xl" role="status">
            {text}
          </Text>
          {children}
        </div>
      </main>
      <Bars />
      <footer className="cf-signin-foot">
        <LegalLinks />
      </footer>
    </div>
  );
}

/** The mark again, large: decoration only. */
function Bars() {
  return (
    <div className="cf-signin-bars" aria-hidden>
      <span data-part="spent" />
      <span data-part="held" />
      <span data-part="free" />
    </div>
  );
}
