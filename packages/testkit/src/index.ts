export * from './pocketbase.ts';
export * from './postgres.ts';
export * from './simulated-provider/index.ts';
export * from './smtp-sink.ts';
export * from './test-identity.ts';
