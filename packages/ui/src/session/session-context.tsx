import type { AppConfig } from '@cloudfreedom/contracts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Person } from './person.ts';
import type { Session, SessionState } from './session.ts';

export interface AppContextValue {
  config: AppConfig;
  session: Session;
}

export const AppContext = createContext<AppContextValue | null>(null);

/** Addresses of the services and the session. */
export function useApp(): AppContextValue {
  const value = useContext(AppContext);
  if (!value) throw new Error('useApp outside of AppProviders');
  return value;
}

export function useSessionState(): SessionState {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, session.state);
}

/** The person who is signed in; only below a SignInGate. */
export function usePerson(): Person {
  const state = useSessionState();
  if (state.status === 'signed_out') throw new Error('usePerson outside of SignInGate');
  return state.person;
}
