import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError, readFileChecked, writeFileAtomic } from '../base/index.js';
import { canonicalJson, type Json } from './canonical.js';
import type { Config } from './config.js';

const session = z.object({
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  wallTimeSec: z.number().nullable(),
  workers: z.number(),
  pointsMeasured: z.number(),
});

const schema = z.object({
  format: z.literal(1),
  experiment: z.string(),
  title: z.string(),
  /** Where the experiment stands: relative to the package for its own scripts, to this folder for a user's file. */
  source: z.object({ base: z.enum(['package', 'run']), path: z.string(), sha256: z.string() }).nullable(),
  preset: z.string(),
  seed: z.number(),
  config: z.record(z.string(), z.unknown()),
  configHash: z.string(),
  /** Hash of all that decides the rows; point files carry it too. */
  runHash: z.string(),
  command: z.string(),
  engineRequested: z.string(),
  engine: z.record(z.string(), z.unknown()).nullable(),
  versions: z.record(z.string(), z.string()),
  host: z.record(z.string(), z.union([z.string(), z.number()])),
  git: z.object({ commit: z.string(), dirty: z.boolean() }).nullable(),
  lockFileHash: z.string().nullable(),
  status: z.enum(['running', 'stopped', 'incomplete', 'complete']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Sum over all sessions of this run. */
  wallTimeSec: z.number(),
  sessions: z.array(session),
  points: z.object({ total: z.number(), finished: z.number(), failed: z.number() }),
  rows: z.number(),
  artefacts: z.record(z.string(), z.string()),
});

/** The record that reproduces a run. Times are ISO 8601, hashes SHA-256. It holds no absolute path. */
export type Manifest = z.infer<typeof schema>;

const MAX_BYTES = 64 * 2 ** 20;

/** Reads `manifest.json` of a run folder; undefined when there is none. @throws InputError when it is damaged. */
export function readManifest(dir: string): Manifest | undefined {
  const path = join(dir, 'manifest.json');
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileChecked(path, 'manifest', { maxBytes: MAX_BYTES }).toString('utf8'));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`manifest ${path}: it is no JSON; take another --out`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`manifest ${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`);
}

/** Writes `manifest.json`, whole or not at all. @throws InputError when the folder cannot be written. */
export function writeManifest(dir: string, manifest: Manifest): void {
  writeFileAtomic(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * The manifest of a run to go on with, or undefined for a folder where a run can begin.
 * @throws InputError when the folder holds another run (saying what differs) or other files.
 */
export function manifestToResume(dir: string, wanted: Pick<Manifest, IdentityKey>): Manifest | undefined {
  if (existsSync(dir) && !statSync(dir).isDirectory()) {
    throw new InputError(`cannot write ${dir}: it is a file; take another --out`);
  }
  const found = readManifest(dir);
  // A run that failed before its first point (an engine that is not there) holds nothing worth keeping.
  if (found && !hasPoints(dir)) return undefined;
  if (found) {
    const difference = firstDifference(found, wanted);
    if (!difference) return found;
    throw new InputError(`${dir} holds another run: ${difference}; take another --out`);
  }
  const others = existsSync(dir) ? readdirSync(dir).filter((name) => !name.endsWith('.part')) : [];
  if (others.length === 0) return undefined;
  throw new InputError(`${dir} is no run folder and not empty (it holds ${others[0]}); take another --out`);
}

function hasPoints(dir: string): boolean {
  const folder = join(dir, 'points');
  const kept = existsSync(join(dir, 'results.jsonl')) && statSync(join(dir, 'results.jsonl')).size > 0;
  return kept || (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.jsonl')));
}

type IdentityKey = 'experiment' | 'seed' | 'config' | 'engineRequested' | 'versions';

/** What decides the rows of a run, as plain JSON for its hash. */
export function identityOf(run: Pick<Manifest, IdentityKey>): { readonly [key: string]: Json } {
  const { experiment, seed, config, engineRequested, versions } = run;
  return { experiment, seed, config: config as Config, engineRequested, semwave: versions.semwave ?? '' };
}

function firstDifference(
  found: Pick<Manifest, IdentityKey>,
  wanted: Pick<Manifest, IdentityKey>,
): string | undefined {
  const before = flat(identityOf(found));
  const now = flat(identityOf(wanted));
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const [there, here] = [before.get(key) ?? 'absent', now.get(key) ?? 'absent'];
    if (there !== here) return `its ${key} is ${there}, this command has ${here}`;
  }
  return undefined;
}

function flat(identity: { readonly [key: string]: Json }): Map<string, string> {
  const { config, ...rest } = identity;
  const entries = [...Object.entries(rest), ...Object.entries(config as Config)];
  const names: Record<string, string> = { engineRequested: 'engine', semwave: 'semwave version' };
  return new Map(entries.map(([key, value]) => [names[key] ?? key, canonicalJson(value)]));
}
