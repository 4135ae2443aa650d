import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileProblem, InputError } from '../base/index.js';
import { requireCifar10 } from './cifar10.js';
import { type DatasetFile, type DatasetVariant, readDescriptor } from './dataset.js';
import { packagedFile } from './photographs.js';

/** What a check of a user's copy of a data set found. */
export interface DatasetReport {
  readonly name: string;
  /** The known variant that the folder resembles most. */
  readonly variant: string;
  readonly filesChecked: number;
  /** One line for each file that is missing or not what it should be; empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * Checks a copy of a data set against its descriptor: each file's presence, size and checksum. Nothing
 * outside the folder is opened, symbolic links that lead out of it included; other files in it are ignored.
 * @param dir the folder; may be left out for a data set that npm packages carry.
 * @throws InputError when there is no such data set or folder, or none of its files is known.
 */
export async function checkDataset(name: string, dir?: string): Promise<DatasetReport> {
  const descriptor = readDescriptor(name);
  if (descriptor.variants.length === 0) {
    throw new InputError(`data set ${name}: none of its files is known here to check a copy against`);
  }
  const locate = dir === undefined && descriptor.packaged ? locatePackaged : locateIn(name, dir);
  const variant = nearestVariant(descriptor.variants, locate);
  const problems: string[] = [];
  for (const file of variant.files) {
    const problem = await fileFault(file, locate);
    if (problem) problems.push(`${file.path}: ${problem}`);
  }
  return { name, variant: variant.name, filesChecked: variant.files.length, problems };
}

/** Where a file of the data set should lie, and the folder it must not lead out of. */
type Locate = (file: DatasetFile) => { path: string; root: string };

function locateIn(name: string, dir: string | undefined): Locate {
  if (dir === undefined)
    throw new InputError(`data set ${name}: no folder given; allowed: the folder that holds it`);
  let root: string;
  try {
    root = realpathSync(dir);
    if (!statSync(root).isDirectory()) throw new InputError(`data set ${name}: ${dir} is not a folder`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`data set ${name}: ${dir}: ${fileProblem(error)}`);
  }
  return (file) => ({ path: join(root, ...file.path.split('/')), root });
}

function locatePackaged(file: DatasetFile): { path: string; root: string } {
  const path = packagedFile(file.path);
  return { path, root: realpathSync(dirname(path)) };
}

function nearestVariant(variants: readonly DatasetVariant[], locate: Locate): DatasetVariant {
  const present = ({ files }: DatasetVariant) =>
    files.filter((file) => isPresent(file, locate)).length / files.length;
  return variants.reduce((best, variant) => (present(variant) > present(best) ? variant : best));
}

function isPresent(file: DatasetFile, locate: Locate): boolean {
  try {
    return existsSync(locate(file).path);
  } catch {
    return false;
  }
}

async function fileFault(file: DatasetFile, locate: Locate): Promise<string | undefined> {
  try {
    const { path, root } = locate(file);
    lstatSync(path);
    const real = realpathSync(path);
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
      return 'a link that leads out of the folder; not opened';
    const stat = statSync(real);
    if (!stat.isFile()) return 'not a file';
    if (stat.size !== file.bytes) return `${stat.size} bytes; expected ${file.bytes}`;
    if (file.sha256 !== undefined) {
      const found = await sha256(real);
      return found === file.sha256 ? undefined : `sha256 ${found}; expected ${file.sha256}`;
    }
    if (file.format === 'cifar10') requireCifar10(real);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : fileProblem(error);
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
