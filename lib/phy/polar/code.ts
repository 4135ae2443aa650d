import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import { requireBits, requireLlrs } from '../block-inputs.js';
import { Crc, type CrcName } from '../crc.js';
import type { BlockCode, Decoded } from '../types.js';
import { KernelListDecoder } from './kernel.js';
import { type PolarLayout, type PolarLink, polarLayout } from './layout.js';
import { listDecode } from './list.js';
import { decodingProgram } from './program.js';
import { llrLimit, unusedMetric } from './pruned.js';
import { polarTransform } from './transform.js';

/** Settings of a polar code and its decoder. */
export interface PolarOptions {
  /** Information bits, without the CRC. */
  k: number;
  /** Coded bits, 18 to 8192. */
  n: number;
  /** Paths of the list decoder, 1 to 32; 8 by default. 1 is successive cancellation. */
  listSize?: number;
  /** Check behind the information bits; by default NR's, CRC11 in the uplink and CRC24C in the downlink. */
  crc?: CrcName | 'none';
  /**
   * `uplink` (default): coded bits interleaved, N up to 1024. `downlink`: input bits interleaved, at most 164
   * with the CRC, N up to 512; as on the broadcast channel, without the mask of control information.
   */
  link?: PolarLink;
  /** `int8` (default): the pruned decoder in WebAssembly. `float`: bit by bit with exact check nodes. */
  arithmetic?: 'int8' | 'float';
  /** Reliability order of the N transform inputs instead of NR's, least reliable first. */
  sequence?: readonly number[];
}

/** Steps of the 8-bit LLRs in one unit of log-likelihood. */
const stepsPerUnit = 8;

/** Stands for an LLR without doubt, finite so that sums of two stay defined. */
const certain = 1e5;

/** The transform's inputs along the paths of a list, the likeliest first. */
type ListDecoder = (motherLlrs: Float64Array) => Iterable<Uint8Array>;

/**
 * A polar code of 5G NR, 3GPP TS 38.212 §5.3.1 and §5.4.1, with its CRC-aided successive cancellation list
 * decoder: of the paths in the list, the likeliest that passes the CRC (Tal and Vardy 2015; Niu and Chen
 * 2012). Not covered: segmentation of large uplink messages, and the parity-check bits of uplink messages of
 * 12 to 19 bits, which are therefore refused under NR's own CRC.
 * @throws InputError when an option is out of range, or the bits do not fit.
 */
export function polarCode(options: PolarOptions): BlockCode {
  const link = requireChoice('link', options.link ?? 'uplink', ['uplink', 'downlink'] as const);
  const k = requireMessage(options.k, link, options.crc);
  const n = requireInteger('n', options.n, 18, 8192);
  const listSize = requireInteger('listSize', options.listSize ?? 8, 1, 32);
  const arithmetic = requireChoice('arithmetic', options.arithmetic ?? 'int8', ['int8', 'float'] as const);
  const crcName = options.crc ?? (link === 'uplink' ? '11' : '24C');
  const crc = crcName === 'none' ? undefined : new Crc(crcName);
  const layout = polarLayout(k + (crc?.length ?? 0), n, link, options.sequence);
  const decoder = arithmetic === 'int8' ? int8Decoder(layout, listSize) : floatDecoder(layout, listSize);
  return {
    name: `polar (${n}, ${k}) list ${listSize}${crc ? ` CRC${crcName}` : ''}`,
    k,
    n,
    encode(bits) {
      requireBits('information bits', bits, k);
      return encode(layout, crc ? crc.append(bits) : bits);
    },
    decode(llrs) {
      requireLlrs(llrs, n);
      return firstThatPasses(decoder(motherLlrs(layout, llrs)), layout, k, crc);
    },
  };
}

function requireMessage(k: number, link: PolarLink, crc: PolarOptions['crc']): number {
  requireInteger('k', k, 1, 1024);
  if (link === 'uplink' && crc === undefined && k < 20) {
    throw new InputError(
      `k is ${k}; allowed: 20 or more with NR's CRC in the uplink (12 to 19 need parity-check bits)`,
    );
  }
  return k;
}

function encode({ length, inputs, outputs }: PolarLayout, bits: Uint8Array): Uint8Array {
  const word = new Uint8Array(length);
  inputs.forEach((input, i) => {
    word[input] = bits[i]!;
  });
  polarTransform(word);
  return Uint8Array.from(outputs, (output) => word[output]!);
}

/** LLRs of the N transform outputs: repeated ones add up, punctured ones are 0, shortened ones certain. */
function motherLlrs({ length, outputs, shortened }: PolarLayout, llrs: Float32Array): Float64Array {
  const mother = new Float64Array(length);
  for (let i = 0; i < outputs.length; i++) {
    mother[outputs[i]!]! += within(certain, llrs[i]!);
  }
  for (const output of shortened) mother[output] = certain;
  return mother;
}

const within = (limit: number, value: number): number =>
  value > limit ? limit : value < -limit ? -limit : value;

function floatDecoder({ frozen }: PolarLayout, listSize: number): ListDecoder {
  return (llrs) => listDecode(llrs, frozen, listSize).map(({ word }) => polarTransform(word));
}

function int8Decoder({ frozen, length }: PolarLayout, listSize: number): ListDecoder {
  const decoder = new KernelListDecoder(decodingProgram(frozen), length, listSize);
  const places = Array.from({ length: listSize }, (_, path) => path);
  return function* (llrs) {
    quantise(llrs, decoder.channel);
    const { metrics, inputs } = decoder.decode();
    const paths = places.filter((path) => metrics[path]! < unusedMetric);
    for (const path of paths.sort((a, b) => metrics[a]! - metrics[b]!)) yield inputs(path);
  };
}

function quantise(llrs: Float64Array, steps: Int8Array): void {
  for (let i = 0; i < llrs.length; i++) {
    steps[i] = Math.floor(within(llrLimit, stepsPerUnit * llrs[i]!) + 0.5);
  }
}

/** The information bits of the likeliest path, or with a CRC of the likeliest that passes it. */
function firstThatPasses(
  paths: Iterable<Uint8Array>,
  { inputs }: PolarLayout,
  k: number,
  crc: Crc | undefined,
): Decoded {
  let likeliest: Uint8Array | undefined;
  for (const path of paths) {
    const bits = new Uint8Array(inputs.length);
    for (let i = 0; i < bits.length; i++) bits[i] = path[inputs[i]!]!;
    if (!crc) return { bits };
    if (crc.check(bits)) return { bits: bits.slice(0, k), ok: true };
    likeliest ??= bits;
  }
  return { bits: likeliest!.slice(0, k), ok: false };
}
