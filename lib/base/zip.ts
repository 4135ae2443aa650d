import { crc32, inflateRawSync } from 'node:zlib';
import { InputError } from './errors.js';

/** One file inside a zip archive, as the archive's directory states it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header starts. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const MAX_ENTRIES = 10_000;
/** Stands where the true number is in a zip64 record. */
const IN_ZIP64 = 0xffffffff;

/**
 * The directory of a zip archive of one volume below 4 GiB (PKWARE APPNOTE 6.3, 4.3.12 and 4.3.16).
 * @param what how messages name the file
 * @throws InputError when the bytes are no such archive.
 */
export function zipEntries(archive: Buffer, what: string): ZipEntry[] {
  const end = endOfDirectory(archive, what);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES || at === IN_ZIP64) {
    throw new InputError(`${what}: zip archive of ${count} files; allowed: ${MAX_ENTRIES}, below 4 GiB`);
  }
  return Array.from({ length: count }, () => {
    requireRecord(archive, at, 46, DIRECTORY_SIGNATURE, what);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      archive.readUInt16LE(at + field),
    );
    const entry = {
      name: archive.toString('utf8', at + 46, at + 46 + nameBytes!),
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    };
    at += 46 + nameBytes! + extraBytes! + commentBytes!;
    return entry;
  });
}

/**
 * The content of one entry; nothing larger than it states is ever unpacked, and its checksum must hold.
 * @throws InputError when it is larger than `maxBytes`, packed in another way, encrypted, cut off or damaged.
 */
export function unzipEntry(archive: Buffer, entry: ZipEntry, what: string, maxBytes: number): Buffer {
  const { name, method, packedBytes, bytes, offset } = entry;
  if (bytes > maxBytes) throw new InputError(`${what}: ${name} of ${bytes} bytes; allowed: ${maxBytes}`);
  if (method !== 0 && method !== 8) {
    throw new InputError(`${what}: ${name} is packed by method ${method}; allowed: stored or deflated`);
  }
  requireRecord(archive, offset, 30, LOCAL_SIGNATURE, what);
  if (archive.readUInt16LE(offset + 6) & 1) throw new InputError(`${what}: ${name} is encrypted`);
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  if (start + packedBytes > archive.length) throw new InputError(`${what}: ${name} is cut off`);
  const content = unpack(archive.subarray(start, start + packedBytes), method, bytes);
  if (content?.length !== bytes || crc32(content) !== entry.crc) {
    throw new InputError(`${what}: ${name} is damaged`);
  }
  return content;
}

/** Undefined when the packed bytes are no deflated data, or unpack to more than stated. */
function unpack(packed: Buffer, method: number, bytes: number): Buffer | undefined {
  if (method === 0) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    return undefined;
  }
}

function endOfDirectory(archive: Buffer, what: string): number {
  const first = Math.max(0, archive.length - END_BYTES - MAX_COMMENT);
  for (let at = archive.length - END_BYTES; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw new InputError(`${what}: not a zip archive, or cut off`);
}

function requireRecord(archive: Buffer, at: number, bytes: number, signature: number, what: string): void {
  if (at + bytes > archive.length || archive.readUInt32LE(at) !== signature) {
    throw new InputError(`${what}: damaged zip archive`);
  }
}
