/** Quantum keys: closed-form rates, photon-level simulations that agree with them, and what makes a key of raw bits. */

// BB84 photon by photon, and the key made of it.
export type { Bb84, Bb84Input, Bb84Run, SiftedBits } from './bb84.js';
export { bb84, bb84Schema, intensitiesOf, simulateBb84 } from './bb84.js';
export { bb84Gain, bb84Rate, expectedCounts, liveShare } from './bb84-expected.js';
export { type Bb84Link, bb84Link, type KeyBlock } from './bb84-link.js';
export { cascade, type Reconciliation } from './cascade.js';
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
export { countsOf, type DistilledKey, distil } from './distil.js';
export type { FiniteKey, IntensityCounts, KeySecurity } from './finite.js';
export { finiteDecoyKey } from './finite.js';
export type { MdiGains, MdiIntensities, MdiLink } from './mdi.js';
export { mdiGains, mdiOptimum, mdiRate, mdiSinglePhotons } from './mdi.js';
// Measurement-device-independent keys by counting.
export type { Announced, MemoryCounts } from './mdi-simulation.js';
export { simulateMdi, simulateMemory } from './mdi-simulation.js';
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
export { binaryEntropy } from './optimum.js';
export { toeplitzHash } from './privacy.js';
export type { Bb84Errors } from './rates.js';
export {
  bb84Fraction,
  bb84Threshold,
  sixStateFraction,
  sixStateThreshold,
  weakPulseFraction,
} from './rates.js';
