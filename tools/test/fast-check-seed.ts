/** Random histories with the seed of the run, so that what they found can be looked at again. */
import fc from 'fast-check';

const seed = process.env.FAST_CHECK_SEED;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
