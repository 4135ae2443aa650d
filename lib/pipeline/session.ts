import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../base/index.js';
import type { EngineInfo, EngineName } from '../engine/index.js';
import { canonicalJson, sha256 } from './canonical.js';
import type { Config } from './config.js';
import type { Experiment, Point } from './experiment.js';
import { identityOf, type Manifest, manifestToResume, writeManifest } from './manifest.js';
import type { Job } from './measure.js';
import { fileHashes, gitState, host, lockFileHash, packageRoot, versions } from './provenance.js';
import { runHash, Store } from './store.js';

/** What a session is opened with: options and config, all settled. */
export interface SessionOptions {
  readonly dir: string;
  readonly experiment: Experiment;
  readonly preset: string;
  readonly seed: number;
  readonly sets: readonly string[];
  readonly config: Config;
  readonly engine: EngineName;
  readonly workers: number;
  readonly points: readonly Point[];
  readonly url: string | undefined;
}

/** One stretch of work on a run folder: its store, its manifest and the jobs to do. */
export interface Session {
  readonly dir: string;
  readonly store: Store;
  readonly total: number;
  /** A line when the source changed since a run that is gone on with began; its earlier points stay as they are. */
  readonly notice: string | undefined;
  /** The manifest as last written. */
  readonly manifest: Manifest;
  /** The job of a point, or of `prepare`. */
  job(point?: Point): Job;
  /** Whether this run's `prepare` has finished, here or in another process. */
  prepared(): boolean;
  markPrepared(): void;
  /** Ends the session: the manifest says what it did. */
  close(done: { measured: number; failed: number; engine: EngineInfo | undefined; stopped: boolean }): void;
}

/**
 * Opens a run folder, new or to resume, and writes its manifest, so that a folder that cannot be written is
 * known before anything is measured.
 * @throws InputError when the folder cannot be written or holds something else.
 */
export function openSession(options: SessionOptions): Session {
  const { dir, config, seed, points } = options;
  const startedAt = new Date();
  const fresh = newManifest(options, startedAt.toISOString());
  const before = manifestToResume(dir, fresh);
  let manifest: Manifest = {
    ...fresh,
    engine: before?.engine ?? null,
    startedAt: before?.startedAt ?? fresh.startedAt,
    wallTimeSec: before?.wallTimeSec ?? 0,
    sessions: [...(before?.sessions ?? []), ...fresh.sessions],
  };
  const save = (changes: Partial<Manifest>) => {
    manifest = { ...manifest, ...changes };
    writeManifest(dir, manifest);
  };
  save({});
  const store = new Store(dir, manifest.runHash, points);
  store.missing();
  save({
    points: { total: points.length, finished: store.finished, failed: 0 },
    rows: store.allRows().length,
  });
  const marker = join(dir, 'points', 'prepared');
  return {
    dir,
    store,
    total: points.length,
    notice: before && noticeOf(before, fresh),
    get manifest() {
      return manifest;
    },
    job: (point) => ({ config, seed, runDir: dir, ...(point ? { point } : {}) }),
    prepared: () => existsSync(marker) && readFileSync(marker, 'utf8').trim() === manifest.runHash,
    markPrepared: () => writeFileAtomic(marker, `${manifest.runHash}\n`),
    close({ measured, failed, engine, stopped }) {
      const finishedAt = new Date();
      const wallTimeSec = (finishedAt.getTime() - startedAt.getTime()) / 1000;
      const last = {
        ...manifest.sessions.at(-1)!,
        finishedAt: finishedAt.toISOString(),
        wallTimeSec,
        pointsMeasured: measured,
      };
      const { finished } = store;
      save({
        status: finished === points.length ? 'complete' : stopped ? 'stopped' : 'incomplete',
        finishedAt: finishedAt.toISOString(),
        wallTimeSec: manifest.wallTimeSec + wallTimeSec,
        sessions: [...manifest.sessions.slice(0, -1), last],
        points: { total: points.length, finished, failed },
        rows: store.allRows().length,
        artefacts: fileHashes(join(dir, 'artefacts')),
        ...(engine ? { engine: { ...engine } } : {}),
      });
    },
  };
}

function noticeOf(before: Manifest, now: Manifest): string | undefined {
  const file = before.source?.sha256 !== now.source?.sha256 && 'the file of the experiment';
  const commit = before.git?.commit !== now.git?.commit && 'the commit of semwave';
  const changed = [file, commit].filter(Boolean).join(' and ');
  if (!changed || before.points.finished === 0) return undefined;
  return `note: ${changed} changed since this run began; points measured before stay, another --out measures all again`;
}

function newManifest(options: SessionOptions, startedAt: string): Manifest {
  const { experiment, preset, seed, config, engine, workers, points } = options;
  const identity = {
    experiment: experiment.id,
    seed,
    config,
    engineRequested: engine,
    versions: { ...versions() },
  };
  return {
    format: 1,
    ...identity,
    title: experiment.title,
    source: sourceOf(options),
    preset,
    configHash: sha256(canonicalJson(config)),
    runHash: runHash(identityOf(identity)),
    command: commandOf(options),
    engine: null,
    host: { ...host() },
    git: gitState(),
    lockFileHash: lockFileHash(),
    status: 'running',
    startedAt,
    finishedAt: null,
    wallTimeSec: 0,
    sessions: [{ startedAt, finishedAt: null, wallTimeSec: null, workers, pointsMeasured: 0 }],
    points: { total: points.length, finished: 0, failed: 0 },
    rows: 0,
    artefacts: {},
  };
}

function sourceOf({ url, dir }: SessionOptions): Manifest['source'] {
  if (!url) return null;
  const file = fileURLToPath(url);
  const own = relative(packageRoot(), file);
  const inPackage = !own.startsWith('..');
  const path = inPackage ? own : relative(dir, file);
  return {
    base: inPackage ? 'package' : 'run',
    path: path.split(sep).join('/'),
    sha256: sha256(readFileSync(file)),
  };
}

/** The command that makes the run again; a user's file stands in it by its name only. */
function commandOf({ experiment, preset, seed, sets, engine, url }: SessionOptions): string {
  const own = url && relative(packageRoot(), fileURLToPath(url)).startsWith('..');
  const name = own ? url.slice(url.lastIndexOf('/') + 1) : experiment.id;
  const parts = ['semwave', 'run', name, '--preset', preset, '--seed', String(seed)];
  for (const set of sets)
    parts.push('--set', /^[\w=.,:/+-]+$/.test(set) ? set : `'${set.replaceAll("'", "'\\''")}'`);
  if (engine !== 'auto') parts.push('--engine', engine);
  return parts.join(' ');
}
