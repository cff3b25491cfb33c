import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

export function Panel(props: { title: string; to: string; link: string; children: ReactNode }) {
  return (
    <section className="portal-panel">
      <Group justify="space-between" className="portal-panel-head">
        <Title order={2} size="h3">
          {props.title}
        </Title>
        <Anchor component={Link} to={props.to} size="sm">
          {props.link}
        </Anchor>
      </Group>
      {props.children}
    </section>
  );
}

export function SkeletonLines({ rows }: { rows: number }) {
  return (
    <Stack gap="md" p="lg" pt={0} aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else to be told apart by
        <Skeleton key={row} height={34} />
      ))}
    </Stack>
  );
}

export function Nothing({ text }: { text: string }) {
  return (
    <Text c="dimmed" px="lg" pb="lg">
      {text}
    </Text>
  );
}
