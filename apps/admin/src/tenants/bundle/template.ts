/// <reference types="vite/client" />
/** The files of `tenant-template/` as they were when the portal was built. */
import type { Template } from '@cloudfreedom/tenant-bundle';

const files = import.meta.glob<string>('../../../../../tenant-template/**/*', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const template: Template = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/tenant-template\//, ''), text]),
);
