/** Whom to listen to: a communication graph learned from what agents find. */
export { type Evidence, frameEvidence } from './evidence.js';
export {
  type CommunicationGraph,
  fullGraph,
  type GraphTraining,
  type LearnedGraph,
  learnGraph,
  randomGraph,
  receiverValue,
  usualSenders,
} from './learn.js';
export { type GraphResult, runGraph } from './run.js';
