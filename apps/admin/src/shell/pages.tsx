import { usePerson } from '@cloudfreedom/ui';
import {
  IconChartBar,
  IconLayoutDashboard,
  IconPackage,
  IconSettings,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import './pages.css';

const PAGES = [
  'overview',
  'usage',
  'people',
  'requests',
  'keys',
  'products',
  'models',
  'prices',
  'provider-keys',
  'content-log',
  'audit',
  'tenants',
] as const;
type Page = (typeof PAGES)[number];
const OF_PLATFORM: readonly Page[] = ['prices', 'tenants'];

interface PageLink {
  page: Page;
  name: string;
  to: string;
}

/** The pages that the signed-in admin has, by name. */
export function usePages(tenantId: string): PageLink[] {
  const { t } = useTranslation('app');
  const { role } = usePerson();
  const names: Record<Page, string> = {
    overview: t('nav.overview'),
    people: t('nav.people'),
    requests: t('nav.requests'),
    usage: t('nav.usage'),
    keys: t('nav.keys'),
    products: t('nav.products'),
    models: t('nav.models'),
    'provider-keys': t('nav.providerKeys'),
    'content-log': t('nav.contentLog'),
    audit: t('nav.audit'),
    prices: t('nav.prices'),
    tenants: t('nav.tenants'),
  };
  return PAGES.filter((page) => role === 'platform_admin' || !OF_PLATFORM.includes(page)).map((page) => ({
    page,
    name: names[page],
    to: `/tenants/${tenantId}/${page}`,
  }));
}

interface NavigationGroup {
  icon: TablerIcon;
  /** Where the group has no page of its own: its heading. */
  title?: string;
  /** The page that is the group itself. */
  own?: Page;
  pages: readonly Page[];
}

/** Five groups: what one looks at daily is a link of its own, the rest stands below its heading. */
export function Pages({ tenantId, onNavigate }: { tenantId: string; onNavigate: () => void }) {
  const { t } = useTranslation('app');
  const links = usePages(tenantId);
  const groups: readonly NavigationGroup[] = [
    { icon: IconLayoutDashboard, own: 'overview', pages: [] },
    { icon: IconChartBar, own: 'usage', pages: [] },
    { icon: IconUsers, own: 'people', pages: ['requests', 'keys'] },
    { icon: IconPackage, title: t('nav.productsAndModels'), pages: ['products', 'models', 'prices'] },
    { icon: IconSettings, title: t('nav.system'), pages: ['provider-keys', 'content-log', 'audit', 'tenants'] },
  ];
  return (
    <ul className="portal-nav">
      {groups.map((group) => (
        <PageGroup key={group.own ?? group.title} group={group} links={links} onNavigate={onNavigate} />
      ))}
    </ul>
  );
}

function PageGroup(props: { group: NavigationGroup; links: PageLink[]; onNavigate: () => void }) {
  const { icon: Icon, title, own, pages } = props.group;
  const id = useId();
  const linkOf = (page: Page | undefined) => props.links.find((link) => link.page === page);
  const ownLink = linkOf(own);
  const below = pages.flatMap((page) => linkOf(page) ?? []);
  const mark = <Icon size={18} stroke={1.7} aria-hidden />;
  return (
    <li>
      {ownLink ? (
        <PageEntry link={ownLink} onNavigate={props.onNavigate} id={id}>
          {mark}
        </PageEntry>
      ) : (
        <div className="portal-nav-heading" id={id}>
          {mark}
          {title}
        </div>
      )}
      {below.length > 0 && (
        <ul className="portal-nav-below" aria-labelledby={id}>
          {below.map((link) => (
            <li key={link.page}>
              <PageEntry link={link} onNavigate={props.onNavigate} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function PageEntry(props: { link: PageLink; onNavigate: () => void; id?: string; children?: ReactNode }) {
  const { pathname } = useLocation();
  const { name, to } = props.link;
  const isHere = pathname === to || pathname.startsWith(`${to}/`);
  return (
    <Link
      id={props.id}
      to={to}
      aria-current={isHere ? 'page' : undefined}
      onClick={props.onNavigate}
      className="portal-nav-link"
    >
      {props.children}
      {name}
    </Link>
  );
}
