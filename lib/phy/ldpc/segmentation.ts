import { InputError } from '../../base/index.js';
import { Crc } from '../crc.js';
import { type BlockLayout, blockLayout, largestBlock, selectBaseGraph } from './parameters.js';

/** How a transport block is cut into code blocks. */
export interface Segmentation {
  /** CRC of the whole payload. */
  readonly crc: Crc;
  /** CRC of each code block; undefined where there is one block. */
  readonly blockCrc?: Crc;
  /** Code blocks. */
  readonly blocks: number;
  /** Zero bits behind the payload that make all blocks equally long: none for the sizes NR allows. */
  readonly padding: number;
  /** Of each block. */
  readonly layout: BlockLayout;
}

/**
 * Segmentation of a payload (3GPP TS 38.212 §5.2.2, 7.2.1-7.2.3): CRC 24A, or 16 for up to 3824 bits; blocks of at
 * most 8448 bits (base graph 1) or 3840 (base graph 2), each with CRC 24B where there are several.
 * @param payload bits before any CRC
 * @param rate payload bits a coded bit, which chooses the base graph
 */
export function segmentation(payload: number, rate: number): Segmentation {
  const baseGraph = selectBaseGraph(payload, rate);
  const crc = new Crc(payload > 3824 ? '24A' : '16');
  const whole = payload + crc.length;
  const largest = largestBlock[baseGraph];
  if (whole <= largest) {
    return { crc, blocks: 1, padding: 0, layout: blockLayout(baseGraph, whole) };
  }
  const blockCrc = new Crc('24B');
  const blocks = Math.ceil(whole / (largest - blockCrc.length));
  const share = Math.ceil(whole / blocks);
  const layout = blockLayout(baseGraph, share + blockCrc.length, whole);
  return { crc, blockCrc, blocks, padding: share * blocks - whole, layout };
}

/**
 * Coded bits of each block (3GPP TS 38.212 §5.4.2.1): as equal as whole symbols allow, the longer ones last.
 * @param unit bits of a symbol on all layers, which every length is a multiple of
 * @throws InputError unless n is a multiple of the unit and leaves every block a rate of at most 1.
 */
export function codedLengths(n: number, unit: number, { blocks, layout }: Segmentation): number[] {
  const least = unit * blocks * Math.ceil(layout.k / unit);
  if (!Number.isInteger(n) || n % unit !== 0 || n < least) {
    throw new InputError(`n is ${n}; allowed: a multiple of ${unit} from ${least}`);
  }
  const symbols = n / unit;
  const shorter = blocks - (symbols % blocks);
  return Array.from(
    { length: blocks },
    (_, block) => unit * (Math.floor(symbols / blocks) + (block < shorter ? 0 : 1)),
  );
}
