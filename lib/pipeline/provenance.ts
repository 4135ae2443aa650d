import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from './canonical.js';

/** Versions of what computes. */
export interface Versions {
  readonly semwave: string;
  readonly node: string;
  readonly tfjs: string;
}

/** The machine of a run, without names or addresses. */
export interface Host {
  readonly platform: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
}

/** The state of the source in a git checkout. */
export interface GitState {
  readonly commit: string;
  /** True when files differ from the commit. */
  readonly dirty: boolean;
}

/** The folder of the semwave package: the nearest one above this file with a package.json of that name. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && readName(file) === 'semwave') return folder;
    if (folder === dirname(folder)) throw new Error('the package.json of semwave is not above its own files');
  }
}

function readName(file: string): unknown {
  return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name;
}

/** Versions of semwave, Node and the tensor library. */
export function versions(): Versions {
  const own = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const require = createRequire(import.meta.url);
  const tfjs = require('@tensorflow/tfjs-core/package.json') as { version: string };
  return { semwave: own.version, node: process.versions.node, tfjs: tfjs.version };
}

/** Processor and memory of this machine. */
export function host(): Host {
  const processors = cpus();
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  };
}

/** Commit and dirty flag when the package is a git checkout of its own; null in an installed package. */
export function gitState(): GitState | null {
  const root = packageRoot();
  if (!existsSync(join(root, '.git'))) return null;
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      });
    return { commit: git('rev-parse', 'HEAD').trim(), dirty: git('status', '--porcelain').trim() !== '' };
  } catch {
    return null;
  }
}

/** Hash of the lock file that fixes all dependencies; null in an installed package. */
export function lockFileHash(): string | null {
  const path = join(packageRoot(), 'package-lock.json');
  return existsSync(path) ? sha256(readFileSync(path)) : null;
}

/** SHA-256 of each file below a folder, by its path there with `/`; temporary files are left out. */
export function fileHashes(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file.split(sep).join('/'), sha256(readFileSync(join(folder, file)))]),
  );
}
