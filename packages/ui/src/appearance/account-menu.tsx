import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconAt, IconLogout, IconMailCheck, IconSelector } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp, usePerson } from '../session/session-context.tsx';
import { AppearanceMenuItems } from './appearance-menu-items.tsx';

const ChangeAddress = lazy(() => import('./change-address.tsx'));

function initialsOf(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}

/** Who is signed in, with language, appearance and sign-out behind it. */
export default function AccountMenu({ pages, children }: { pages?: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const person = usePerson();
  const name = person.name || person.email;
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <Menu position="top-start" width="target" withinPortal={false}>
        <Menu.Target>
          <UnstyledButton className="cf-account">
            <Avatar size={32} radius="xl" color="petrol" aria-hidden>
              {initialsOf(name)}
            </Avatar>
            <span className="cf-account-text">
              <Text size="sm" fw={550} truncate>
                {name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {person.email}
              </Text>
            </span>
            <span className="cf-visually-hidden">{t('appearance.menu')}</span>
            <IconSelector size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {pages && (
            <>
              {pages}
              <Menu.Divider />
            </>
          )}
          <AppearanceMenuItems />
          <Menu.Divider />
          {!person.verified && <ConfirmAddress email={person.email} />}
          <Menu.Item leftSection={<IconAt size={16} aria-hidden />} onClick={() => setChanging(true)}>
            {t('account.changeAddress')}
          </Menu.Item>
          {children}
          {children && <Menu.Divider />}
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => session.signOut()}>
            {t('actions.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isChanging && (
        <Suspense>
          <ChangeAddress onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Sends the link that confirms the address. */
function ConfirmAddress({ email }: { email: string }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const mail = useMutation({ mutationFn: () => session.pocketbase.collection('users').requestVerification(email) });
  const words = mail.isSuccess ? t('account.sentTitle') : t('account.confirmAddress');
  return (
    <Menu.Item
      leftSection={<IconMailCheck size={16} aria-hidden />}
      closeMenuOnClick={false}
      disabled={mail.isPending || mail.isSuccess}
      onClick={() => mail.mutate()}
    >
      <span aria-live="polite">{mail.isError ? t('signIn.unreachable') : words}</span>
    </Menu.Item>
  );
}
