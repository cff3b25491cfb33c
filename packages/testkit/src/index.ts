export * from './postgres.ts';
export * from './test-identity.ts';
