import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { registerExtraGradients } from './extra-gradients.js';
import { internalOps } from './internal-ops.js';

/**
 * Registers the gradients of tfjs-core with the one instance of tfjs-core in the process.
 *
 * Under Node `@tensorflow/tfjs-core` is a CommonJS bundle without gradients; the definitions are shipped
 * beside it (`dist/gradients/*_grad.js`) as ES modules that Node cannot resolve, and bundling them would
 * bring a second tfjs-core. So each definition is read and linked against the instance in use. The
 * version of tfjs-core is pinned in package.json; a different layout ends in a plain error here.
 */
export function registerGradients(): void {
  if (!tf.getGradient('Multiply')) registerDefinitions();
  // Again each time: another package may have registered tfjs-core's own over them.
  registerExtraGradients();
}

function registerDefinitions(): void {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')), 'gradients');
  const files = readdirSync(folder).filter((file) => file.endsWith('_grad.js'));
  for (const file of files) {
    for (const value of Object.values(loadDefinition(join(folder, file)))) {
      const config = value as tf.GradConfig;
      // NotEqual, LogicalOr and their like have none: their files export a configuration all the same.
      if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
    }
  }
  if (!tf.getGradient('Multiply')) throw new Error(`no gradient definitions found in ${folder}`);
}

type Exports = Record<string, unknown>;
const loaded = new Map<string, Exports>();
let linkTable: Exports | undefined;

function loadDefinition(path: string): Exports {
  const cached = loaded.get(path);
  if (cached) return cached;
  const exports: Exports = {};
  loaded.set(path, exports);
  const body = compileFunction(toCommonJs(readFileSync(path, 'utf8')), ['exports', 'load'], {
    filename: path,
  });
  body(exports, (specifier: string) => resolve(path, specifier));
  return exports;
}

/** The three forms of import and export that those files use, rewritten; anything else fails to compile. */
function toCommonJs(source: string): string {
  return source
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .replace(/^import \* as (\w+) from ('[^']+');$/gm, 'const $1 = load($2);')
    .replace(/^import (\{[^}]*\}) from ('[^']+');$/gm, 'const $1 = load($2);')
    .replace(/^export const (\w+) =/gm, 'const $1 = exports.$1 =')
    .replace(/^export function (\w+)/gm, 'exports.$1 = $1;\nfunction $1');
}

function resolve(from: string, specifier: string): Exports {
  if (specifier.startsWith('./')) return loadDefinition(join(dirname(from), `${specifier.slice(2)}.js`));
  linkTable ??= {
    ...tf.backend_util,
    ...tf.slice_util,
    ...tf.util,
    ...internalOps,
    ENGINE: tf.engine(),
    ...tf,
  };
  return linkTable;
}
