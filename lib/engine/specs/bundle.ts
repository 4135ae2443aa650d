import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages with native parts or with files of their own beside them: left to Node. */
const external = ['jasmine-core', 'jasmine-core/*', 'onnxruntime-node', 'node-fetch'];

/**
 * Bundles tfjs-core's own tests with the engine's sources into one CommonJS file.
 *
 * The tests are ES modules beside the CommonJS bundle that Node would load: `mainFields` makes all imports
 * of tfjs-core meet in the ES modules, and the packages' claims to be free of side effects are ignored,
 * since by them the specs would be dropped.
 * @param folder where to write; must lie below the repository, so that Node finds the packages from there
 */
export async function bundleSpecs(folder: string): Promise<string> {
  const outfile = join(folder, 'specs.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('entry.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    ignoreAnnotations: true,
    mainFields: ['module', 'main'],
    conditions: ['@semwave/source'],
    external,
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  return outfile;
}

/** The version of tfjs-core whose tests are run. */
export function specVersion(): string {
  const { version } = createRequire(import.meta.url)('@tensorflow/tfjs-core/package.json') as {
    version: string;
  };
  return version;
}
