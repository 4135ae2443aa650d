import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import type { BlockCode, Constellation } from '../../phy/index.js';
import type { Observation } from '../types.js';

/** A frame that carries data: one symbol for each subcarrier and OFDM symbol. */
export interface FrameSetup {
  constellation: Constellation;
  /** Left out: uncoded bits. */
  code?: BlockCode;
  subcarriers: number;
  symbols: number;
}

/** Bits that fit into a frame: whole code blocks, or two or more a symbol without a code. */
export function frameBits(setup: FrameSetup): number {
  return setup.code ? blocksOf(setup) * setup.code.k : placesOf(setup);
}

const placesOf = ({ constellation, subcarriers, symbols }: FrameSetup) =>
  constellation.bitsPerSymbol *
  requireInteger('subcarriers', subcarriers, 1, 2 ** 20) *
  requireInteger('symbols', symbols, 1, 2 ** 20);

function blocksOf(setup: FrameSetup): number {
  const { code } = setup;
  const blocks = code ? Math.floor(placesOf(setup) / code.n) : 0;
  if (code && blocks === 0)
    throw new InputError(`code of ${code.n} bits for a frame of ${placesOf(setup)}; allowed: at most that`);
  return blocks;
}

/**
 * Symbols of a frame, interleaved complex, subcarriers x symbols. Places behind the last code block carry zeros.
 * @throws InputError unless there are `frameBits(setup)` bits, 0 or 1.
 */
export function frameSymbols(setup: FrameSetup, bits: Uint8Array): Float64Array {
  const { code, constellation } = setup;
  const expected = frameBits(setup);
  if (bits.length !== expected) throw new InputError(`${bits.length} bits for a frame; allowed: ${expected}`);
  const coded = new Uint8Array(placesOf(setup));
  if (!code) coded.set(bits);
  else
    for (let block = 0; block < blocksOf(setup); block++)
      coded.set(code.encode(bits.subarray(block * code.k, (block + 1) * code.k)), block * code.n);
  return Float64Array.from(constellation.map(coded));
}

/**
 * What a frame's echo is: the channel, whose last two dimensions are subcarriers and symbols, times what was sent.
 * @throws InputError when the channel does not hold whole frames.
 */
export function frameEcho(channel: Observation, sent: Float64Array): Observation {
  return perSymbol(channel, sent, (re, im, xr, xi, out, at) => {
    out[at] = re * xr - im * xi;
    out[at + 1] = re * xi + im * xr;
  });
}

/**
 * Takes known symbols out of a received frame. `divide` (default): y / x, the channel exactly, noise of variance
 * sigma^2 / |x|^2. `matched`: y conj(x), the noise's power kept, but |x|^2 left on the channel.
 * @throws InputError when the sizes do not fit or a known symbol is 0.
 */
export function removeSymbols(
  received: Observation,
  known: Float64Array,
  method: 'divide' | 'matched' = 'divide',
): Observation {
  requireChoice('method', method, ['divide', 'matched']);
  return perSymbol(received, known, (re, im, xr, xi, out, at) => {
    const power = method === 'divide' ? xr * xr + xi * xi : 1;
    if (power === 0) throw new InputError('known symbol is 0; allowed: other symbols to divide by');
    out[at] = (re * xr + im * xi) / power;
    out[at + 1] = (im * xr - re * xi) / power;
  });
}

type SymbolRule = (re: number, im: number, xr: number, xi: number, out: Float64Array, at: number) => void;

function perSymbol(observation: Observation, symbols: Float64Array, rule: SymbolRule): Observation {
  requireFrames(observation, symbols);
  const { data } = observation;
  const out = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += symbols.length) {
    for (let k = 0; k < symbols.length; k += 2)
      rule(data[start + k]!, data[start + k + 1]!, symbols[k]!, symbols[k + 1]!, out, start + k);
  }
  return { ...observation, data: out };
}

function requireFrames({ shape }: Observation, symbols: Float64Array): void {
  const [k, m] = shape.slice(-2);
  if (!k || !m || 2 * k * m !== symbols.length) {
    throw new InputError(
      `${symbols.length / 2} symbols for an observation of ${shape.join(' x ')}; allowed: one for each place of the last two dimensions`,
    );
  }
}

/** Mean noise power after dividing by symbols of a constellation: E 1 / |x|^2, 1 for PSK, 17/9 for 16-QAM. */
export function divisionLoss({ points, order }: Constellation): number {
  let sum = 0;
  for (let at = 0; at < points.length; at += 2) sum += 1 / (points[at]! ** 2 + points[at + 1]! ** 2);
  return sum / order;
}

/** What a receiver made of a frame. */
export interface DecodedFrame {
  bits: Uint8Array;
  /** Its symbols encoded again: what the receiver divides by. */
  symbols: Float64Array;
}

/**
 * Decodes a frame by maximum ratio combining over all but the last two dimensions, then encodes the bits again.
 * @param channel as the receiver knows it, the size of `received`
 * @param noiseVariance of a received sample, above 0
 * @throws InputError when sizes do not fit.
 */
export function decodeFrame(
  setup: FrameSetup,
  received: Observation,
  channel: Observation,
  noiseVariance: number,
): DecodedFrame {
  requireRange('noiseVariance', noiseVariance, Number.MIN_VALUE, Number.MAX_VALUE);
  if (received.data.length !== channel.data.length)
    throw new InputError(
      `${channel.data.length / 2} gains for ${received.data.length / 2} values; allowed: one each`,
    );
  const { symbols, variances } = combine(received, channel, 2 * setup.subcarriers * setup.symbols);
  const scaled = variances.map((variance) => variance * noiseVariance);
  const llrs = setup.constellation.demap(Float32Array.from(symbols), scaled);
  const bits = decodeBits(setup, llrs);
  return { bits, symbols: frameSymbols(setup, bits) };
}

/** sum conj(h) y / sum |h|^2 over the branches, and 1 / sum |h|^2; where all gains are 0, 0 of infinite variance. */
function combine({ data }: Observation, { data: gains }: Observation, length: number) {
  const symbols = new Float64Array(length);
  const variances = new Float64Array(length / 2);
  for (let k = 0; k < length; k += 2) {
    let [re, im, power] = [0, 0, 0];
    for (let at = k; at < data.length; at += length) {
      const [yr, yi, hr, hi] = [data[at]!, data[at + 1]!, gains[at]!, gains[at + 1]!];
      re += hr * yr + hi * yi;
      im += hr * yi - hi * yr;
      power += hr * hr + hi * hi;
    }
    symbols[k] = power > 0 ? re / power : 0;
    symbols[k + 1] = power > 0 ? im / power : 0;
    variances[k / 2] = 1 / power;
  }
  return { symbols, variances };
}

function decodeBits(setup: FrameSetup, llrs: Float32Array): Uint8Array {
  const { code } = setup;
  if (!code) return Uint8Array.from(llrs, (llr) => Number(llr < 0));
  const bits = new Uint8Array(frameBits(setup));
  for (let block = 0; block < blocksOf(setup); block++)
    bits.set(code.decode(llrs.subarray(block * code.n, (block + 1) * code.n)).bits, block * code.k);
  return bits;
}

/** What wrong symbols cost: dividing by x^ leaves the channel times x / x^. */
export interface DivisionError {
  /** Share of symbols that are wrong. */
  wrong: number;
  /** |E x / x^|^2: power of every source that stays coherent. */
  coherentPower: number;
  /** The rest of E |x / x^|^2: power, relative to all sources together, that turns into noise. */
  selfNoise: number;
}

/** Compares what was sent with what was divided by. @throws InputError when they differ in length or one is empty. */
export function divisionError(sent: Float64Array, used: Float64Array): DivisionError {
  if (sent.length !== used.length || sent.length === 0)
    throw new InputError(`${sent.length / 2} and ${used.length / 2} symbols; allowed: equally many, from 1`);
  const count = sent.length / 2;
  let [re, im, power, wrong] = [0, 0, 0, 0];
  for (let k = 0; k < sent.length; k += 2) {
    const [xr, xi, ur, ui] = [sent[k]!, sent[k + 1]!, used[k]!, used[k + 1]!];
    const size = ur * ur + ui * ui;
    re += (xr * ur + xi * ui) / size;
    im += (xi * ur - xr * ui) / size;
    power += (xr * xr + xi * xi) / size;
    wrong += Number(Math.hypot(xr - ur, xi - ui) > 1e-9);
  }
  const coherentPower = (re * re + im * im) / count ** 2;
  return { wrong: wrong / count, coherentPower, selfNoise: Math.max(0, power / count - coherentPower) };
}
