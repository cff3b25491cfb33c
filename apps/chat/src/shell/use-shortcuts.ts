import { useLocalStorage } from '@mantine/hooks';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { actionOf, type ShortcutAction, TAKES_KEYS } from './shortcuts.ts';

/** Are the single keys on, on this device? */
export function useSingleKeys() {
  return useLocalStorage({ key: 'cloudfreedom-single-keys', defaultValue: true, getInitialValueInEffect: false });
}

const find = (name: string) => document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`);

/** The single keys. `onHelp`: the overview of all of them, which is always to be had. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  const [on] = useSingleKeys();
  useEffect(() => {
    const act: Record<ShortcutAction, () => void> = {
      help: onHelp,
      write: () => document.getElementById('message')?.focus(),
      new: () => void navigate('/'),
      temporary: () => void navigate('/temporary'),
      model: () => find('model')?.click(),
      latest: () => find('latest')?.click(),
      usage: () => void navigate('/usage'),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.target instanceof Element && event.target.closest(TAKES_KEYS))) return;
      const action = actionOf(event);
      if (action === undefined || !(on || action === 'help')) return;
      event.preventDefault();
      act[action]();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate, onHelp, on]);
}
