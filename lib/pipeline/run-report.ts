import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../base/index.js';
import type { Config } from './config.js';
import type { Experiment, Row } from './experiment.js';
import { type Manifest, readManifest } from './manifest.js';
import { figureContext } from './measure.js';
import { packageRoot } from './provenance.js';
import { readResults } from './store.js';

/** Draws the figures of a run and writes its report. @returns the path of the HTML file. */
export async function writeRunReport(
  experiment: Experiment,
  dir: string,
  manifest: Manifest,
  rows: readonly Row[],
): Promise<string> {
  // Loaded when it is needed: drawing brings a document model and a plotting library with it.
  const { writeReport } = await import('../report/index.js');
  const ctx = figureContext({ config: manifest.config as Config, seed: manifest.seed, runDir: dir });
  const figures = await experiment.figures(rows, ctx);
  const { id, title, paper, purpose } = experiment;
  const { html } = await writeReport(dir, {
    manifest: {
      ...manifest,
      engine: manifest.engine ?? manifest.engineRequested,
      finishedAt: manifest.finishedAt ?? undefined,
    },
    experiment: { id, title, paper, purpose },
    rows,
    figures,
  });
  return html;
}

/**
 * Draws figures and report of a run folder again from its `results.jsonl`, without measuring.
 * @param find gives the experiment of the manifest, from its id and (where it still stands there) its file.
 * @throws InputError when the folder is no run or has no results.
 */
export async function rebuildReport(
  dir: string,
  find: (id: string, file: string | undefined) => Promise<Experiment>,
): Promise<string> {
  const manifest = readManifest(dir);
  if (!manifest) throw new InputError(`${dir} is no run folder: it has no manifest.json`);
  const rows = readResults(dir);
  if (rows.length === 0) throw new InputError(`${dir} has no results yet`);
  const { source } = manifest;
  const file = source && resolve(source.base === 'package' ? packageRoot() : dir, source.path);
  const experiment = await find(manifest.experiment, file && existsSync(file) ? file : undefined);
  if (experiment.id !== manifest.experiment) {
    throw new InputError(
      `${join(dir, 'manifest.json')} is of ${manifest.experiment}, its file now holds ${experiment.id}`,
    );
  }
  return writeRunReport(experiment, resolve(dir), manifest, rows);
}
