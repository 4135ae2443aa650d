import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { InputError, writeFileAtomic } from '../base/index.js';
import type { EngineInfo } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { canonicalJson } from './canonical.js';
import type { Config } from './config.js';
import type { Experiment, FigureContext, MeasureContext, Point, Row } from './experiment.js';
import { completeRow } from './rows.js';

/** What a point needs besides itself; plain JSON, so that it crosses to a worker. */
export interface Job {
  readonly config: Config;
  readonly seed: number;
  readonly runDir: string;
  /** The point to measure; left out, the job is the experiment's `prepare`. */
  readonly point?: Point;
}

/** What connects a job to the process around it. */
export interface Surroundings {
  readonly engine: EngineInfo;
  readonly signal: AbortSignal;
  log(message: string): void;
  progress(fraction: number): void;
}

/** The context of figures, and the part of a measurement's context that needs no stream and no engine. */
export function figureContext(job: Job): FigureContext<Config> {
  const { config, seed, runDir } = job;
  const artefactDir = join(runDir, 'artefacts');
  return {
    config,
    seed,
    runDir,
    artefactDir,
    artefact(name) {
      const path = artefactPath(artefactDir, name);
      return existsSync(path) ? readFileSync(path) : undefined;
    },
  };
}

/**
 * Does one job in this thread: measures the point, or prepares the run.
 * @returns the finished rows of the point; none for `prepare`.
 * @throws what the experiment throws; an Error when a row is no valid measurement.
 */
export async function doJob(experiment: Experiment, job: Job, surroundings: Surroundings): Promise<Row[]> {
  const { point, seed } = job;
  const figures = figureContext(job);
  const stream = point ? canonicalJson(point) : 'prepare';
  const ctx: MeasureContext<Config> = {
    ...figures,
    ...surroundings,
    rng: Rng.of(seed).fork(experiment.id).fork(stream),
    saveArtefact: (name, bytes) => writeFileAtomic(artefactPath(figures.artefactDir, name), bytes),
  };
  if (!point) {
    await experiment.prepare?.(ctx);
    return [];
  }
  const rows: Row[] = [];
  for await (const row of experiment.measure(point, ctx)) {
    rows.push(completeRow(row, { experiment: experiment.id, seed, point }));
  }
  return rows;
}

function artefactPath(artefactDir: string, name: string): string {
  const plain = normalize(name);
  if (
    /^[A-Za-z0-9][\w./ -]*$/.test(name) &&
    plain === name &&
    !name.includes('..') &&
    !name.endsWith('.part')
  ) {
    return join(artefactDir, name);
  }
  throw new InputError(
    `artefact name ${JSON.stringify(name)}; allowed: letters, digits, - _ . and / for folders`,
  );
}
