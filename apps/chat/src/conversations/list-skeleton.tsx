import { Skeleton, Stack } from '@mantine/core';

/** In the shape of a list of conversations. */
export function ListSkeleton() {
  return (
    <Stack gap="xs" px="sm" py="xs" aria-busy>
      <Skeleton height={16} width="80%" />
      <Skeleton height={16} width="62%" />
      <Skeleton height={16} width="71%" />
    </Stack>
  );
}
