import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface PagingProps {
  /** From 1. */
  page: number;
  /** undefined: not counted. */
  pages?: number | undefined;
  /** Where it is not counted: one may go on as long as pages are full. */
  mayHaveMore: boolean;
  /** The rows on the screen are not of this page yet. */
  isLoading: boolean;
  /** What is said of the whole list. */
  said: string;
  onPage: (page: number) => void;
}

/** The foot of a list that is gone through page by page. */
export function Paging({ page, pages, mayHaveMore, isLoading, said, onPage }: PagingProps) {
  const { t } = useTranslation('app');
  const { foot, turnedTo } = useHeadInView(page, isLoading);
  const isLast = pages === undefined ? !mayHaveMore : page >= pages;
  const turnTo = (next: number) => {
    if (isLoading) return;
    turnedTo.current = next;
    onPage(next);
  };
  return (
    <Group justify="space-between" className="portal-panel-foot" ref={foot}>
      <Text size="sm" c="dimmed" role="status">
        {said}
      </Text>
      {(page > 1 || !isLast) && (
        <Group gap="xs" role="navigation" aria-label={t('paging.label')}>
          <Button variant="default" size="xs" disabled={page <= 1} onClick={() => turnTo(page - 1)}>
            {t('paging.previous')}
          </Button>
          <Text size="sm">
            {pages === undefined ? t('paging.page', { page }) : t('paging.pageOf', { page, pages })}
          </Text>
          <Button variant="default" size="xs" disabled={isLast} onClick={() => turnTo(page + 1)}>
            {t('paging.next')}
          </Button>
        </Group>
      )}
    </Group>
  );
}

/** Whoever turns a page at its foot reads on at the head of the next one, when that is there. */
function useHeadInView(page: number, isLoading: boolean) {
  const foot = useRef<HTMLDivElement>(null);
  const turnedTo = useRef<number | null>(null);
  useEffect(() => {
    if (isLoading || turnedTo.current !== page) return;
    turnedTo.current = null;
    const panel = foot.current?.closest('.portal-panel');
    if (panel && panel.getBoundingClientRect().top < 0) panel.scrollIntoView({ block: 'start' });
  }, [page, isLoading]);
  return { foot, turnedTo };
}
