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
  allWithin,
  drawLastSlot,
  drawSlot,
  expectedSlots,
  geometricProbability,
  storageProbability,
  storedCoherence,
} from './waiting.js';

// Bounds: repeaterless bound, chains, networks, lossy stations.

export {
  type ChainBound,
  CLASSICAL_COMMUNICATION,
  type ClassicalCommunication,
  chainBits,
  chainBound,
  type Edge,
  type EvenChain,
  evenChainBound,
  evenStation,
  type Flow,
  type Graph,
  graphOf,
  LOSSLESS_STATION,
  type LossyEdge,
  linkBits,
  maxFlow,
  type NetworkBounds,
  type NetworkQuestion,
  networkBounds,
  oneWayBits,
  otherEnd,
  type Path,
  plobBits,
  type RateBound,
  type StationLoss,
  shortestPath,
  stationLimit,
  widestPath,
} from './bounds/index.js';

// Quantum keys.

export { AUTHENTICATION_BITS, expectedSecretBits, linkKeySource, steadyKeySource } from './key-source.js';
export * from './qkd/index.js';

// Free space.

export * from './freespace/index.js';

// Advantage, witnesses and games.

export {
  CHSH_CLASSICAL_WIN,
  CHSH_QUANTUM_WIN,
  COMMUNICATION_PROBLEMS,
  type CommunicationCost,
  type CommunicationCosts,
  type CommunicationProblem,
  chshWin,
  communicationCosts,
  type DecisionLatency,
  decisionLatency,
  deutschJozsaEqual,
  ghzClassicalWin,
  ghzWin,
  superdenseBits,
} from './advantage.js';
export {
  bestChsh,
  type ChshSettings,
  type Coincidences,
  type Correlations,
  type Counted,
  chshFrom,
  chshValue,
  correlationAlong,
  correlationFrom,
  correlationsOf,
  type Direction,
  wernerChsh,
  witnessFrom,
  witnessValue,
} from './witness.js';

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

export * from './schedule/index.js';

// Units.

export { FIBRE_SPEED_KM_PER_SEC, LAST_PS, PS_PER_SEC, picoseconds, transmissivity } from './units.js';
