/** Experiments as values, and what runs them: config, sweep, workers, a store that survives a crash, manifests. */
export { canonicalJson, type Json } from './canonical.js';
export {
  type ConfigOf,
  defineExperiment,
  type Experiment,
  type FigureContext,
  type GridPointOf,
  type MeasureContext,
  type NewRow,
  type Params,
  type Point,
  type Preset,
  type Row,
} from './experiment.js';
export { type GridParam, type Param, param } from './params.js';
