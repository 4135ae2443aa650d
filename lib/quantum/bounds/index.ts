/** What no protocol can pass: links, chains and networks of lossy fibre and lossy stations; and graphs to ask it of. */
export {
  CLASSICAL_COMMUNICATION,
  type ClassicalCommunication,
  linkBits,
  oneWayBits,
  plobBits,
} from './capacity.js';
export {
  type ChainBound,
  chainBits,
  chainBound,
  type EvenChain,
  evenChainBound,
  evenStation,
  LOSSLESS_STATION,
  type RateBound,
  type StationLoss,
  stationLimit,
} from './chain.js';
export { type Flow, maxFlow } from './flow.js';
export { type Edge, type Graph, graphOf, otherEnd } from './graph.js';
export { type LossyEdge, type NetworkBounds, type NetworkQuestion, networkBounds } from './network.js';
export { type Path, shortestPath, widestPath } from './paths.js';
