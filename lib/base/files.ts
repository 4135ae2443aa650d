import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from './errors.js';

/** A short reason for a failed file operation, without a stack: `no such file`, `permission denied`, … */
export function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: 'no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    ENOSPC: 'no space left on the device',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
  };
  return reasons[code ?? ''] ?? (error as Error).message;
}

/**
 * Reads a whole file whose size must lie within [minBytes, maxBytes]; the size is checked before any
 * memory is allocated for it.
 * @throws InputError when the file is absent, unreadable, too small or too large.
 */
export function readFileChecked(
  path: string,
  what: string,
  limits: { minBytes?: number; maxBytes: number },
): Buffer {
  const { minBytes = 0, maxBytes } = limits;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new InputError(`${what} ${path}: not a file`);
    if (stat.size < minBytes || stat.size > maxBytes) {
      throw new InputError(`${what} ${path}: ${stat.size} bytes; allowed: ${minBytes} to ${maxBytes}`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${what} ${path}: ${fileProblem(error)}`);
  }
}

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: the bytes go to a
 * temporary neighbour that is then renamed. Parent folders are made.
 * @throws InputError when the folder cannot be written; the old file is left as it was.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, data, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    // Where a part of the path is a file, removing fails as well as writing did.
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw new InputError(`cannot write ${path}: ${fileProblem(error)}`);
  }
}
