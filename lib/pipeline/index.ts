/** Experiments as values, and what runs them: config, sweep, workers, a store that survives a crash, manifests. */
export { canonicalJson, type Json } from './canonical.js';
export { type Config, type PresetName, resolveConfig, resolvePoints } from './config.js';
export type { Executor, JobListener, Outcome } from './executor.js';
export {
  type ConfigOf,
  defineExperiment,
  type Experiment,
  type ExperimentSpec,
  type FigureContext,
  type GridPointOf,
  type MeasureContext,
  type NewRow,
  type Params,
  type Point,
  type Preset,
  type Row,
} from './experiment.js';
export { experimentUrl, loadExperiment } from './load.js';
export { type Manifest, readManifest } from './manifest.js';
export type { Job } from './measure.js';
export { nearest } from './near.js';
export { type GridParam, type Param, param } from './params.js';
export { packageRoot } from './provenance.js';
export { rebuildReport } from './run-report.js';
export { defaultRunDir, type RunOptions, type RunResult, runExperiment } from './runner.js';
export { readResults } from './store.js';
export type { FailedPoint } from './work.js';
