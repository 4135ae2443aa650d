import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../base/index.js';
import { type Experiment, experimentUrl, loadExperiment, nearest, packageRoot } from '../pipeline/index.js';

/** An experiment by where it stands: `scripts/jscc/awgn.ts` is `jscc/awgn`. */
export interface Entry {
  readonly id: string;
  /** File URL of the module. */
  readonly url: string;
}

/** The experiments under `scripts/`, by id. Benchmarks and tests are none, nor are files directly in `scripts/`. */
export function catalogue(folder: string = scriptsFolder()): Entry[] {
  if (!existsSync(folder)) return [];
  const entries: Entry[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const match = /^([a-z0-9-]+(?:\/[a-z0-9-]+)+)\.(?:js|ts)$/.exec(
      relative(folder, path).split(sep).join('/'),
    );
    if (!entry.isFile() || !match?.[1] || match[1].startsWith('bench/') || !definesExperiment(path)) continue;
    entries.push({ id: match[1], url: pathToFileURL(path).href });
  }
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Told from the text, so that a listing never runs a script that is something else (one that trains weights). */
function definesExperiment(path: string): boolean {
  return /\bexport\s+default\s+defineExperiment\s*\(/.test(readFileSync(path, 'utf8'));
}

function scriptsFolder(): string {
  const compiled = import.meta.url.endsWith('.js');
  return join(packageRoot(), ...(compiled ? ['dist', 'scripts'] : ['scripts']));
}

/**
 * Finds and loads an experiment by its id, or by the path of its file (`./mine.mjs`, `mine.ts`).
 * @throws InputError for an unknown id (with the ids near it) or a file that exports no experiment.
 */
export async function findExperiment(idOrFile: string): Promise<{ experiment: Experiment; url: string }> {
  const url = /\.[mc]?[jt]s$/.test(idOrFile) ? experimentUrl(idOrFile) : urlOf(idOrFile);
  return { experiment: await loadExperiment(url), url };
}

function urlOf(id: string): string {
  const entries = catalogue();
  const found = entries.find((entry) => entry.id === id);
  if (found) return found.url;
  const near = nearest(
    id,
    entries.map((entry) => entry.id),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  throw new InputError(`unknown experiment ${JSON.stringify(id)}; ${hint}semwave list shows all`);
}

/** All experiments, loaded, for a list. One that cannot be loaded is passed over with a line on standard error. */
export async function loadAll(): Promise<{ entry: Entry; experiment: Experiment }[]> {
  const loaded = await Promise.all(
    catalogue().map(async (entry) => {
      try {
        return [{ entry, experiment: await loadExperiment(entry.url) }];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        process.stderr.write(`semwave: ${error.message}\n`);
        return [];
      }
    }),
  );
  return loaded.flat();
}
