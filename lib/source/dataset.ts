import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { InputError, readFileChecked, requireChoice, requireSchema } from '../base/index.js';

const MAX_DESCRIPTOR_BYTES = 2 ** 20;

/** A path below the data set's folder: slashes, no `..`, no drive, not absolute. */
const relativePath = z
  .string()
  .regex(/^[^/\\:]+(\/[^/\\:]+)*$/, 'a relative path with forward slashes')
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'), 'a path without . or ..');

const rectangle = z.strictObject({
  left: z.int().min(0),
  top: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
});

const file = z.strictObject({
  path: relativePath,
  bytes: z.int().min(1),
  /** Of the file as distributed, in hexadecimal; absent where it could not be verified by us. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  split: z.enum(['train', 'heldOut']),
  /** A format whose content is checked where there is no checksum. */
  format: z.enum(['cifar10']).optional(),
  /** The part of the picture that is used (its frame or a signature lies outside). */
  crop: rectangle.optional(),
});

const variant = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  files: z.array(file).min(1),
});

/** What a file of `datasets/` says: where a data set comes from, under what terms, and how to know it. */
export const descriptorSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  description: z.string().min(1),
  source: z.string().min(1),
  licence: z.string().min(1),
  layout: z.string().min(1),
  splits: z.string().min(1),
  /** True when installed npm packages carry the files and no folder need be given. */
  packaged: z.boolean(),
  /** The copies that are known; a user's folder has to match one of them. Empty where no file could be verified by us. */
  variants: z.array(variant),
});

export type DatasetDescriptor = z.infer<typeof descriptorSchema>;
export type DatasetVariant = z.infer<typeof variant>;
export type DatasetFile = z.infer<typeof file>;

/** The names of the data sets that have a descriptor, sorted. */
export function datasetNames(): string[] {
  return readdirSync(datasetsFolder())
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

/**
 * The descriptor of a data set, checked against the schema.
 * @throws InputError when there is none of that name or it is not well formed.
 */
export function readDescriptor(name: string): DatasetDescriptor {
  requireChoice('data set', name, datasetNames());
  const path = join(datasetsFolder(), `${name}.json`);
  return parseDescriptor(
    readFileChecked(path, 'descriptor', { maxBytes: MAX_DESCRIPTOR_BYTES }).toString(),
    path,
  );
}

/**
 * Parses a descriptor's text.
 * @param what names the descriptor in an error.
 * @throws InputError with the place and the reason of the first fault.
 */
export function parseDescriptor(text: string, what: string): DatasetDescriptor {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`descriptor ${what}: not JSON (${(error as Error).message.split('\n')[0]})`);
  }
  return requireSchema(`descriptor ${what}`, descriptorSchema, json);
}

/** The files of a data set's first variant; none where no variant is known. */
export function datasetFiles(name: string): DatasetFile[] {
  return readDescriptor(name).variants[0]?.files ?? [];
}

/** `datasets/` of the package: the same folder whether this runs from `lib/` or compiled in `dist/lib/`. */
function datasetsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isPackageRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new InputError('package.json of semwave not found above its own code; reinstall semwave');
    folder = parent;
  }
  return join(folder, 'datasets');
}

function isPackageRoot(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return false;
  const text = readFileChecked(path, 'package file', { maxBytes: MAX_DESCRIPTOR_BYTES }).toString();
  return (JSON.parse(text) as { name?: unknown }).name === 'semwave';
}
