import { InputError, readFileChecked, readNpz, requireInteger } from '../../base/index.js';
import type { CsiRecording } from './recording.js';

/**
 * Which part of a subcarrier stands first. The chip writes the imaginary one first (ESP-IDF, `wifi_csi_info_t`); some
 * tools swap them before they save, as WiGesture's authors state. Magnitudes do not depend on it, phases do.
 */
export type PartOrder = 'imaginary-first' | 'real-first';

const MAX_BYTES = 2 ** 28;
const MAX_LINE = 2 ** 16;
const MAX_NUMBERS = 1024;

/**
 * Reads CSI that an ESP32 wrote as csv, at most 256 MiB: each line ends in, or holds, one list of bytes
 * `[im re im re …]`, parted by spaces or commas, of the same length in all lines (104 numbers: 52 subcarriers). A
 * first line without a list is a header; empty lines are passed over.
 * @param order as the csv was made: default `imaginary-first`, the chip's own
 * @throws InputError naming the first line at fault.
 */
export function readEsp32Csv(path: string, order: PartOrder = 'imaginary-first'): CsiRecording {
  const bytes = readFileChecked(path, 'CSI csv', { maxBytes: MAX_BYTES });
  return parseEsp32Csv(bytes.toString('latin1'), `CSI csv ${path}`, order);
}

/**
 * Parses the text of such a csv.
 * @param what how messages name it
 * @throws InputError as `readEsp32Csv`.
 */
export function parseEsp32Csv(
  text: string,
  what: string,
  order: PartOrder = 'imaginary-first',
): CsiRecording {
  const rows: Float32Array[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    number++;
    const where = `${what}: line ${number}`;
    if (end - start > MAX_LINE)
      throw new InputError(`${where} has ${end - start} characters; allowed: ${MAX_LINE}`);
    const row = parseLine(text.slice(start, end), number, where);
    if (row && rows[0] && row.length !== rows[0].length) {
      throw new InputError(`${where} has ${row.length} numbers; allowed: ${rows[0].length} as the first`);
    }
    if (row) rows.push(row);
    start = end + 1;
  }
  if (!rows[0]) throw new InputError(`${what}: no line with a list of numbers in brackets`);
  return bytesRecording(rows, rows[0].length, order);
}

function parseLine(line: string, number: number, where: string): Float32Array | undefined {
  const [open, close] = [line.indexOf('['), line.lastIndexOf(']')];
  if (open < 0 && close < 0 && (number === 1 || line.trim() === '')) return undefined;
  if (open < 0 || close < open)
    throw new InputError(`${where}: no whole list in brackets; allowed: [im re im re …]`);
  const words = line
    .slice(open + 1, close)
    .split(/[\s,]+/)
    .filter(Boolean);
  if (words.length === 0 || words.length % 2 !== 0 || words.length > MAX_NUMBERS) {
    throw new InputError(
      `${where} has ${words.length} numbers; allowed: an even count from 2 to ${MAX_NUMBERS}`,
    );
  }
  return Float32Array.from(words, (word) => {
    const value = /^[+-]?\d{1,3}$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= -128 && value <= 127)) {
      throw new InputError(
        `${where}: ${JSON.stringify(word.slice(0, 20))}; allowed: an integer from -128 to 127`,
      );
    }
    return value;
  });
}

/**
 * Reads CSI that stands in an .npz file as an array `csi_data` of packets x 2·subcarriers numbers, 256 MiB at most.
 * @param order default `imaginary-first`, the chip's own
 * @throws InputError when it cannot be read, is of another form, or holds a number that is not finite.
 */
export function readCsiNpz(path: string, order: PartOrder = 'imaginary-first'): CsiRecording {
  const { csi_data } = readNpz(path, ['csi_data'], MAX_BYTES);
  const [packets, numbers] = csi_data.shape as [number, number];
  const what = `CSI archive ${path}`;
  if (csi_data.shape.length !== 2 || csi_data.complex || csi_data.values.length === 0) {
    const found = `csi_data of shape (${csi_data.shape.join(', ')})`;
    throw new InputError(`${what}: ${found}; allowed: real, packets x numbers`);
  }
  requireInteger(`${what}: subcarriers`, numbers / 2, 1, MAX_NUMBERS / 2);
  const bad = csi_data.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`${what}: packet ${Math.floor(bad / numbers)} has a number not finite`);
  const rows = Array.from({ length: packets }, (_, packet) =>
    Float32Array.from(csi_data.values.subarray(packet * numbers, (packet + 1) * numbers)),
  );
  return bytesRecording(rows, numbers, order);
}

function bytesRecording(rows: readonly Float32Array[], each: number, order: PartOrder): CsiRecording {
  const values = new Float32Array(rows.length * each);
  const swap = order === 'imaginary-first' ? 1 : 0;
  for (const [packet, row] of rows.entries()) {
    for (let index = 0; index < each; index++) values[packet * each + index] = row[index ^ swap]!;
  }
  return { packets: rows.length, links: 1, subcarriers: each / 2, values };
}
