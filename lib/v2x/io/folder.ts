import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileProblem, InputError, readFileChecked } from '../../base/index.js';

/** A user's folder of which nothing outside is ever opened. */
export interface DataFolder {
  /** Its real path. */
  readonly root: string;
  /** The data set, for messages. */
  readonly name: string;
}

const MAX_PATH = 1000;

/**
 * Opens a folder.
 * @throws InputError when there is none.
 */
export function openFolder(path: string, name: string): DataFolder {
  const shown = `${name} ${String(path).replace(/\p{Cc}/gu, '?')}`;
  try {
    const root = realpathSync(path);
    if (!statSync(root).isDirectory()) throw new InputError(`${shown}: not a folder`);
    return { root, name };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${shown}: ${fileProblem(error)}`);
  }
}

/**
 * The real path of a file or folder inside.
 * @param path relative, with forward slashes; it may come from a hostile file
 * @throws InputError when it is absolute, has `..`, leads out through a link, or is not there.
 */
export function pathInside({ root, name }: DataFolder, path: string): string {
  const parts = path.split('/');
  const plain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\p{Cc}]/u.test(part),
  );
  if (!plain || path.length > MAX_PATH) {
    const shown = JSON.stringify(path.slice(0, 80));
    throw new InputError(
      `${name}: path ${shown}; allowed: a path inside the folder, relative, without . or ..`,
    );
  }
  let real: string;
  try {
    real = realpathSync(join(root, ...parts));
  } catch (error) {
    throw new InputError(`${name}: ${path}: ${fileProblem(error)}`);
  }
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new InputError(`${name}: ${path}: a link that leads out of the folder; not opened`);
  }
  return real;
}

/** Whether there is something of that path inside, wherever a link of that name may lead. */
export function isInside(folder: DataFolder, path: string): boolean {
  try {
    pathInside(folder, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a whole file inside.
 * @throws InputError as `pathInside`, or when it cannot be read or is larger than `maxBytes`.
 */
export function readInside(folder: DataFolder, path: string, maxBytes: number): Buffer {
  return readFileChecked(pathInside(folder, path), `${folder.name}:`, { maxBytes });
}

/** A file that is read from front to back. */
export interface OpenFile {
  /** How messages name it. */
  readonly what: string;
  /** Its next bytes, at most so many; none at its end. */
  read(most: number): Buffer;
  close(): void;
}

/**
 * Opens a file inside to read it piece by piece.
 * @throws InputError as `readInside`.
 */
export function openInside(folder: DataFolder, path: string, maxBytes: number): OpenFile {
  const real = pathInside(folder, path);
  const what = `${folder.name}: ${path}`;
  try {
    const stat = statSync(real);
    if (!stat.isFile()) throw new InputError(`${what}: not a file`);
    if (stat.size > maxBytes) throw new InputError(`${what}: ${stat.size} bytes; allowed: 0 to ${maxBytes}`);
    const descriptor = openSync(real, 'r');
    return {
      what,
      read(most) {
        const bytes = Buffer.allocUnsafe(most);
        return bytes.subarray(0, readSync(descriptor, bytes, 0, most, null));
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${what}: ${fileProblem(error)}`);
  }
}

/**
 * The names in a folder inside, in the order of their code units.
 * @param path relative; the folder itself when left out
 * @throws InputError as `pathInside`, or when it cannot be listed.
 */
export function listInside(folder: DataFolder, path?: string): Dirent[] {
  const real = path === undefined ? folder.root : pathInside(folder, path);
  try {
    return readdirSync(real, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new InputError(`${folder.name}: ${path ?? folder.root}: ${fileProblem(error)}`);
  }
}
