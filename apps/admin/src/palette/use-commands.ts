import { useApp, usePerson } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePages } from '../shell/pages.tsx';
import { useTenants } from '../tenants/tenant.queries.ts';
import { useFound } from './palette.queries.ts';

const TENANTS_SHOWN = 5;
const LETTERS_MIN = 2;
/** What clients and the proxy use as the id of a request: long, and of no spaces. */
const REQUEST_ID = /^[\w:.-]{8,100}$/;

export interface Command {
  id: string;
  /** Under which heading it stands. */
  group: 'pages' | 'actions' | 'people' | 'keys' | 'tenants' | 'requests';
  title: string;
  detail?: string;
  run: () => void;
}

const holds = (text: string, typed: string) => text.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase());

/** Where one can go and what one can do, for what is typed; `busy` while people and keys are looked for. */
export function useCommands(tenantId: string, typed: string): { commands: Command[]; busy: boolean } {
  const { t } = useTranslation(['app', 'ui']);
  const navigate = useNavigate();
  const { session } = useApp();
  const isPlatformAdmin = usePerson().role === 'platform_admin';
  const pages = usePages(tenantId);
  const tenants = useTenants(isPlatformAdmin);
  const found = useFound(tenantId, typed);
  const go = (to: string) => () => void navigate(to);
  const base = `/tenants/${tenantId}`;
  const searched = typed.trim().length >= LETTERS_MIN;

  const fixed: Command[] = [
    ...pages.map(({ page, name, to }) => ({ id: page, group: 'pages' as const, title: name, run: go(to) })),
    { id: 'invite', group: 'actions', title: t('invitations.dialogTitle'), run: go(`${base}/people?do=invite`) },
    { id: 'new-key', group: 'actions', title: t('keys.new'), run: go(`${base}/keys?do=new`) },
    { id: 'sign-out', group: 'actions', title: t('ui:actions.signOut'), run: () => session.signOut() },
  ];
  const commands = fixed.filter(({ title }) => holds(title, typed));
  if (searched && found.data) {
    for (const { id, name, email } of found.data.people)
      commands.push({ id, group: 'people', title: name || email, detail: email, run: go(`${base}/people/${id}`) });
    for (const { id, name, prefix, user } of found.data.keys)
      commands.push({ id, group: 'keys', title: name, detail: `${prefix}…`, run: go(`${base}/people/${user}`) });
  }
  if (searched)
    for (const { id, name } of (tenants.data ?? [])
      .filter((tenant) => holds(tenant.name, typed))
      .slice(0, TENANTS_SHOWN))
      commands.push({ id, group: 'tenants', title: name, run: go(`/tenants/${id}/overview`) });
  const requestId = typed.trim();
  if (REQUEST_ID.test(requestId) && /\d/.test(requestId))
    commands.push({
      id: 'request',
      group: 'requests',
      title: t('palette.request', { id: requestId }),
      run: go(`${base}/usage?requestId=${encodeURIComponent(requestId)}`),
    });
  return { commands, busy: searched && found.isFetching };
}
