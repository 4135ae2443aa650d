/**
 * Quantum links and networks: closed forms that a figure needs, and a deterministic event simulator that agrees with
 * them. Two-qubit states are Bell-diagonal vectors with named labels; time in the simulator is integer picoseconds.
 */

// States, noise, swapping and purification.
export {
  BELL_LABELS,
  type BellLabel,
  type BellState,
  bellEntropy,
  bellState,
  combinedLabel,
  convolved,
  FULLY_MIXED,
  fidelity,
  inFrame,
  linearOpticsSuccess,
  mixed,
  pureBell,
  requireProbability,
  type StationErrors,
  swapped,
  swappedFidelity,
  twirled,
  wernerState,
  wernerWeight,
} from './bell.js';
// Heralding and waiting times.
export {
  type AttemptTiming,
  armEfficiency,
  attemptSec,
  barrettKok,
  HERALD_SCHEMES,
  type HeraldArms,
  type Heralded,
  type HeraldScheme,
  senderReceiver,
  singleClick,
  twoPhoton,
} from './herald.js';
export {
  decayed,
  dephased,
  depolarised,
  idleFlipProbability,
  type MemoryTimes,
  type PauliRates,
  PERFECT_MEMORY,
  pauliDecayed,
  requireMemoryTimes,
} from './noise.js';
export {
  bbpssw,
  dejmps,
  hashingYield,
  type Purification,
  type PurificationRound,
  type Purified,
  pumping,
  pumpingLimit,
  recurrence,
} from './purify.js';
export {
  allWithin,
  drawLastSlot,
  drawSlot,
  expectedSlots,
  geometricProbability,
  storageProbability,
  storedCoherence,
} from './waiting.js';

// Bounds: repeaterless bound, chains, networks, lossy stations.

// Quantum keys.
export * from './qkd/index.js';

// Advantage, witnesses and games.

// Event kernel.
export { createKernel } from './des/kernel.js';
export { entityStreams } from './des/streams.js';
export { eventTrace, type Trace } from './des/trace.js';
export type { Action, EventHandle, Kernel } from './des/types.js';

// Hardware.
export { type ClickStream, clickStream } from './hardware/clicks.js';
export { type Detector, type DetectorInput, detector, detectorSchema } from './hardware/detector.js';
export {
  type ClassicalChannel,
  type ClassicalChannelInput,
  classicalChannel,
  classicalChannelSchema,
  classicalDelayPs,
  type Fibre,
  type FibreInput,
  fibre,
  fibreDelayPs,
  fibreSchema,
  fibreTransmissivity,
} from './hardware/fibre.js';
export { type Memory, type MemoryInput, memory, memorySchema, memoryTimes } from './hardware/memory.js';
export {
  type PairSource,
  type PairSourceInput,
  type PulsedSource,
  type PulsedSourceInput,
  pairSource,
  pairSourceSchema,
  pulsedSource,
  pulsedSourceSchema,
} from './hardware/source.js';
export {
  type Station,
  type StationInput,
  station,
  stationSchema,
  stationWindow,
} from './hardware/station.js';

// Link simulation: entanglement generation.
export * from './link/index.js';

// Networks: topology, routing, reservation, protocols, applications.
export * from './network/index.js';

// Scheduling: demands, tasks, schedules.

// Units.
export { FIBRE_SPEED_KM_PER_SEC, LAST_PS, PS_PER_SEC, picoseconds, transmissivity } from './units.js';
