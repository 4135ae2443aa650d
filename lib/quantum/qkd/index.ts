/** Quantum keys: closed-form rates, photon-level simulations that agree with them, and what makes a key of raw bits. */

// Closed forms.
export type { DecoyLink, Gain, SinglePhotonBounds } from './decoy.js';
export {
  cutoffKm,
  decoyOptimum,
  decoyRate,
  linkEfficiency,
  pulseGain,
  singlePhotonYield,
  vacuumWeakBounds,
  vacuumWeakRate,
} from './decoy.js';
export type { FiniteKey, IntensityCounts, KeySecurity } from './finite.js';
export { finiteDecoyKey } from './finite.js';
export type { MdiGains, MdiIntensities, MdiLink } from './mdi.js';
export { mdiGains, mdiOptimum, mdiRate, mdiSinglePhotons } from './mdi.js';
export type { MemoryRates, MemoryRelay, MemoryRelayInput } from './memory-mdi.js';
export {
  memoryGain,
  memorylessPerSlot,
  memoryRates,
  memoryRelay,
  memoryRelaySchema,
  memoryTurningPoints,
  secretGain,
} from './memory-mdi.js';
export type { Bb84Errors } from './rates.js';
export {
  bb84Fraction,
  bb84Threshold,
  sixStateFraction,
  sixStateThreshold,
  weakPulseFraction,
} from './rates.js';
