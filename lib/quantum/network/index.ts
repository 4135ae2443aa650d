/** Networks of routers: topologies, paths, reservation of memories, swapping and purification, requests, applications. */
export { chshTest, type PairEstimate, type PairUser, teleportation } from './applications.js';
export { type ClassicalDelays, classicalDelays } from './classical.js';
export { linkName, networkLinks, networkRoutes } from './connections.js';
export type { FlowCounts } from './flow.js';
export { type Booking, bookingFaults, type MemoryLedger, memoryLedger } from './ledger.js';
export { expectedLoad, shareMemories, type TrafficDemand, uniformDemand } from './load.js';
export { type NetworkService, serviceOf } from './metrics.js';
export { type DeliveredPair, type NetworkOptions, type QuantumNetwork, quantumNetwork } from './network.js';
export { type NetworkProtocol, type NetworkProtocolInput, protocolSchema } from './protocol.js';
export {
  type RandomRequests,
  type RandomRequestsInput,
  randomRequestsSchema,
  requestAtRandom,
} from './random-requests.js';
export {
  type EndToEndRequest,
  endToEndRequest,
  type Refusal,
  type RequestRecord,
  requestSchema,
} from './request.js';
export { type CostedEdge, cheapestPaths, type Routes } from './routes.js';
export type { SwapOrder } from './segments.js';
export { type ImportedTopology, importSequence, readSequence } from './sequence-import.js';
export { type StarlightOptions, starlight } from './starlight.js';
export { stretchFidelity } from './targets.js';
export {
  type ConnectionSpec,
  parseTopology,
  type RouterSpec,
  readTopology,
  TOPOLOGY_LIMITS,
  type Topology,
  type TopologyInput,
  topology,
  topologySchema,
} from './topology.js';
