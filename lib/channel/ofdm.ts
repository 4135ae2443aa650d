import { InputError, requireInteger, requireRange } from '../base/index.js';
import { meanPower } from '../math/index.js';
import { additiveChannel, requireShape, type SnrDb } from './additive.js';
import { type ImpulseModel, type ImpulseResponses, requireStorable } from './impulse.js';
import { mimoNoise } from './mimo.js';
import { type MimoChannel, mimoRealisationOf } from './mimo-realisation.js';
import { type TdlOptions, tdl } from './tdl/tdl.js';
import type { Channel } from './types.js';

/** NR's normal cyclic prefix as a share of the useful symbol, 144 of 2048 samples (TS 38.211, 5.3.1). */
const NORMAL_PREFIX = 144 / 2048;

/** The subcarriers of an OFDM symbol; number k has the frequency (k - floor(subcarriers / 2)) spacing. */
export interface Subcarriers {
  /** 1 to 65536. */
  subcarriers: number;
  /** 1 to 1e9. */
  subcarrierSpacingHz: number;
}

/** What OFDM makes of a model of impulse responses. */
export interface OfdmOptions extends Subcarriers {
  /** Duration of the cyclic prefix over that of the useful symbol, 0 to 10; NR's normal prefix when left out. */
  cyclicPrefixShare?: number;
  /**
   * OFDM symbols a frame, 1 to 1e6: a codeword that needs more meets frames that fade independently, one after
   * the other. When left out, a codeword is one frame of as many symbols as it needs.
   */
  ofdmSymbols?: number;
  /** Whether the mean power of each frame is made 1, which takes slow fading out. */
  normalize: boolean;
}

/**
 * OFDM over a tapped delay line with the receiver knowing the gain of each subcarrier: uses fill subcarriers
 * first, then OFDM symbols. An ordinary fast-fading `Channel`, so that every codec runs over it.
 * @param options.normalize false when left out
 * @throws InputError when an option is out of range.
 */
export function ofdmTdl(
  options: TdlOptions & Omit<OfdmOptions, 'normalize'> & { snrDb: SnrDb; normalize?: boolean },
): Channel {
  return ofdm(tdl(options), { normalize: false, ...options });
}

/**
 * OFDM over drawn impulse responses, one antenna at each end: y = h x + n with the gain h of the use's subcarrier
 * at its OFDM symbol. Exact while the prefix is longer than the delays and the gains stand still during a symbol;
 * the energy of the prefix is not counted.
 * @throws InputError when an option is out of range, or the model has more antennas.
 */
export function ofdm(model: ImpulseModel, options: OfdmOptions & { snrDb: SnrDb }): Channel {
  if (model.receive * model.transmit !== 1) {
    throw new InputError(
      `${model.name} of ${model.receive} x ${model.transmit} antennas; allowed: 1 x 1, or ofdmMimo`,
    );
  }
  const respond = framesOf(model, options);
  return additiveChannel(`ofdm-${model.name}`, 'fast', options.snrDb, (rng, gains, { codewords, uses }) => {
    const { perCodeword, draw } = respond(uses);
    const response = draw(rng, codewords);
    for (let codeword = 0; codeword < codewords; codeword++) {
      const from = 2 * codeword * perCodeword;
      gains.set(response.subarray(from, from + 2 * uses), 2 * codeword * uses);
    }
  });
}

/**
 * The same between arrays: each use is a vector, and meets the matrix of its subcarrier and OFDM symbol.
 * @param options.snrDb Es/N0 in dB of one transmit antenna at one receive antenna, -50 to 100
 * @throws InputError when an option is out of range.
 */
export function ofdmMimo(model: ImpulseModel, options: OfdmOptions & { snrDb: number }): MimoChannel {
  const { receive, transmit } = model;
  const snrDb = requireRange('snrDb', options.snrDb, -50, 100, 'dB');
  const respond = framesOf(model, options);
  return {
    name: `ofdm-${model.name}-${receive}x${transmit}`,
    receive,
    transmit,
    snrDb,
    sample(rng, { codewords, uses }) {
      requireShape({ codewords, uses });
      const noise = mimoNoise(rng, snrDb, codewords, uses * receive);
      const { perCodeword, perFrame, draw } = respond(uses);
      const response = draw(rng, codewords);
      const pairs = receive * transmit;
      const gains = new Float32Array(2 * codewords * uses * pairs);
      for (let index = 0; index < codewords * uses * pairs; index++) {
        const [pair, use] = [index % pairs, Math.floor(index / pairs)];
        const place = Math.floor(use / uses) * perCodeword + (use % uses);
        const frame = Math.floor(place / perFrame);
        const from = (frame * pairs + pair) * perFrame + (place % perFrame);
        gains[2 * index] = response[2 * from]!;
        gains[2 * index + 1] = response[2 * from + 1]!;
      }
      return mimoRealisationOf({
        shape: { codewords, uses, receive, transmit },
        fading: 'fast',
        gains,
        ...noise,
      });
    },
  };
}

/** Checks the options, and says for a codeword's uses how many gains its frames have, and draws them. */
function framesOf(model: ImpulseModel, options: OfdmOptions) {
  const { subcarriers, subcarrierSpacingHz, cyclicPrefixShare = NORMAL_PREFIX, ofdmSymbols } = options;
  requireSubcarriers(options);
  requireRange('cyclicPrefixShare', cyclicPrefixShare, 0, 10);
  if (ofdmSymbols !== undefined) requireInteger('ofdmSymbols', ofdmSymbols, 1, 1e6);
  const periodSec = (1 + cyclicPrefixShare) / subcarrierSpacingHz;
  return (uses: number) => {
    const times = ofdmSymbols ?? Math.ceil(uses / subcarriers);
    const perFrame = times * subcarriers;
    const frames = Math.ceil(uses / perFrame);
    return {
      perFrame,
      perCodeword: frames * perFrame,
      draw: (rng: Parameters<ImpulseModel['draw']>[0], codewords: number) =>
        frequencyResponse(model.draw(rng, { links: codewords * frames, times, periodSec }), options),
    };
  };
}

/**
 * Gains of OFDM subcarriers, H(t, f) = sum over paths of gain(t) exp(-j 2 pi f delay).
 * @param options.normalize whether each link's mean |H|^2 over antennas, moments and subcarriers is made 1
 * @returns interleaved complex [links, receive, transmit, times, subcarriers]
 * @throws InputError when an option is out of range, or there are more gains than fit an array.
 */
export function frequencyResponse(
  responses: ImpulseResponses,
  options: Subcarriers & { normalize: boolean },
): Float32Array {
  const { subcarriers } = requireSubcarriers(options);
  const { links, receive, transmit, paths, times } = responses.shape;
  const pairs = receive * transmit;
  requireStorable(links * pairs * times * subcarriers);
  const out = new Float32Array(2 * links * pairs * times * subcarriers);
  const perLink = 2 * pairs * times * subcarriers;
  for (let link = 0; link < links; link++) {
    const ramps = phaseRamps(responses.delaysSec.subarray(link * paths, (link + 1) * paths), options);
    for (let row = 0; row < pairs * times; row++) {
      const [pair, time] = [Math.floor(row / times), row % times];
      const first = (link * pairs + pair) * paths * times + time;
      const to = link * perLink + 2 * row * subcarriers;
      addPaths(out.subarray(to, to + 2 * subcarriers), responses.gains, first, times, ramps);
    }
    if (options.normalize) normalise(out.subarray(link * perLink, (link + 1) * perLink));
  }
  return out;
}

/** exp(-j 2 pi f delay) of each path over the subcarriers, interleaved. */
function phaseRamps(
  delaysSec: Float64Array,
  { subcarriers, subcarrierSpacingHz }: Subcarriers,
): Float64Array[] {
  const lowest = -Math.floor(subcarriers / 2);
  return Array.from(delaysSec, (delay) => {
    const ramp = new Float64Array(2 * subcarriers);
    for (let k = 0; k < subcarriers; k++) {
      const angle = -2 * Math.PI * (lowest + k) * subcarrierSpacingHz * delay;
      ramp[2 * k] = Math.cos(angle);
      ramp[2 * k + 1] = Math.sin(angle);
    }
    return ramp;
  });
}

/** Adds each path's gain, the first at complex place `first` and the next `stride` on, times its ramp. */
function addPaths(
  out: Float32Array,
  gains: Float32Array,
  first: number,
  stride: number,
  ramps: readonly Float64Array[],
): void {
  const sum = new Float64Array(out.length);
  ramps.forEach((ramp, path) => {
    const at = 2 * (first + path * stride);
    const [gr, gi] = [gains[at]!, gains[at + 1]!];
    for (let k = 0; k < sum.length; k += 2) {
      const [rr, ri] = [ramp[k]!, ramp[k + 1]!];
      sum[k]! += gr * rr - gi * ri;
      sum[k + 1]! += gr * ri + gi * rr;
    }
  });
  out.set(sum);
}

function normalise(gains: Float32Array): void {
  const power = meanPower(gains);
  if (power === 0) return;
  const scale = 1 / Math.sqrt(power);
  for (let at = 0; at < gains.length; at++) gains[at]! *= scale;
}

function requireSubcarriers<T extends Subcarriers>(options: T): T {
  requireInteger('subcarriers', options.subcarriers, 1, 65_536);
  requireRange('subcarrierSpacingHz', options.subcarrierSpacingHz, 1, 1e9, 'Hz');
  return options;
}
