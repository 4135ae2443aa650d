import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError } from '../base/index.js';
import type { Experiment } from './experiment.js';

/**
 * Loads the experiment that a file exports as default. A `.ts` file runs where the package `tsx` is installed.
 * @param url file URL of a `.js`, `.mjs` or `.ts` module.
 * @throws InputError when the file cannot be loaded or exports no experiment.
 */
export async function loadExperiment(url: string): Promise<Experiment> {
  const path = fileURLToPath(url);
  if (/\.[mc]?ts$/.test(path)) await registerTypeScript(path);
  let module: { default?: unknown };
  try {
    module = (await import(url)) as { default?: unknown };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [firstLine] = String((error as Error).message ?? error).split('\n');
    // Outside an ES module package a .ts file counts as CommonJS, which cannot import this package back.
    const commonJs = /require\(\) ES Module/.test(firstLine ?? '');
    const problem = commonJs
      ? 'it is read as CommonJS; name it .mts, or set "type": "module" in package.json'
      : firstLine;
    throw new InputError(`experiment ${path}: ${problem}`, { cause: error });
  }
  if (isExperiment(module.default)) return module.default;
  throw new InputError(`experiment ${path}: its default export is not made by defineExperiment`);
}

/** File URL of an experiment file given on the command line. @throws InputError when there is no such file. */
export function experimentUrl(file: string): string {
  const path = resolve(file);
  if (!existsSync(path)) throw new InputError(`experiment ${file}: no such file`);
  return pathToFileURL(path).href;
}

/** Two copies of the package may meet (a script beside an installed semwave), so the mark decides, not the class. */
function isExperiment(value: unknown): value is Experiment {
  return typeof value === 'object' && value !== null && (value as Experiment).kind === 'semwave experiment';
}

let registered = false;

async function registerTypeScript(path: string): Promise<void> {
  if (registered) return;
  registered = true;
  // In two steps, so that the compiler does not ask for a package that is optional at run time.
  const api = 'tsx/esm/api';
  try {
    const { register } = (await import(api)) as { register: () => unknown };
    register();
  } catch {
    throw new InputError(
      `experiment ${path}: a TypeScript file needs the package tsx; npm install tsx, or give the compiled .js`,
    );
  }
}
