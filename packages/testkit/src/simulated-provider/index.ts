export type { Knobs } from './knobs.ts';
export {
  type RecordedRequest,
  type SimulatedProvider,
  type SimulatedProviderOptions,
  startSimulatedProvider,
} from './server.ts';
