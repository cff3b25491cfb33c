import { createContext, type KeyboardEvent, lazy, type ReactNode, Suspense, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAddress, targetOf } from './address.ts';

const LeaveDialog = lazy(() => import('./leave-dialog.tsx'));

const InsideLink = createContext(false);

/**
 * A link of a model: says where it leads whatever its text says, and asks before it opens. It has no `href`: a browser
 * looks such addresses up before anybody clicks, and a click with another button would open it unasked.
 */
export function GuardedLink(props: {
  address: string;
  shown: string | null;
  kind?: 'text' | 'picture';
  children: ReactNode;
}) {
  const { t } = useTranslation('app');
  const [asked, setAsked] = useState(false);
  const inside = useContext(InsideLink);
  const url = readAddress(props.address);
  if (!url || inside) return <span>{props.children}</span>;
  const target = targetOf(url);
  const open = () => setAsked(true);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') open();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: an anchor's address would be open to more than a click */}
      <span
        className={props.kind === 'picture' ? 'chat-link chat-link-picture' : 'chat-link'}
        role="link"
        tabIndex={0}
        title={url.href}
        onClick={open}
        onKeyDown={onKeyDown}
      >
        <InsideLink value>{props.children}</InsideLink>
        {props.shown !== props.address && props.shown !== target && (
          <span className="chat-link-target"> ({target})</span>
        )}
        <span className="cf-visually-hidden">, {t('markdown.asksFirst')}</span>
      </span>
      {asked && (
        <Suspense>
          <LeaveDialog url={url} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
