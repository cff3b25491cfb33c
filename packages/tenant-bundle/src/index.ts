/** What is deployed for a tenant. Runs in Node and in browsers alike: no file system, no process. */
export * from './archive.ts';
export * from './bundle.ts';
export * from './credentials.ts';
export * from './names.ts';
export * from './secrets.ts';
export * from './template.ts';
