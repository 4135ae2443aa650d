import { z } from 'zod';
import { InputError, requireInteger, requireSchema } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { detectorSchema } from '../hardware/detector.js';
import { pulsedSourceSchema } from '../hardware/source.js';
import { addDarkClicks, type Clicks, register } from './clicks.js';

const share = z.number().min(0).max(1);

/**
 * BB84 with weak pulses in four polarizations and a receiver that picks its basis before a polarizing beam splitter with a
 * detector at each output.
 */
export const bb84Schema = z
  .strictObject({
    source: pulsedSourceSchema.prefault({}),
    /** Of both detectors. */
    detector: detectorSchema.prefault({}),
    /** Transmissivity of the channel. */
    transmissivity: share.default(1),
    /** Time of flight. */
    delaySec: z.number().min(0).max(10).default(0),
    /** Further intensities, each with the probability that a pulse has it; the rest has the source's. */
    decoys: z
      .array(z.strictObject({ meanPhotonNumber: z.number().min(0).max(100), probability: share }).readonly())
      .max(2)
      .readonly()
      .default([]),
    /** Probability with which each side picks the basis that makes the key. */
    keyBasisProbability: share.default(0.5),
    /** Clicks count within half of this about a pulse's time; a whole period when left out. */
    gateSec: z.number().min(1e-12).max(1).optional(),
    /** Whether a click of one detector blinds the other too, so that no click tells of the one before. */
    sharedDeadTime: z.boolean().default(false),
  })
  .readonly();

/** See `bb84Schema`. Frozen. */
export type Bb84 = z.output<typeof bb84Schema>;
export type Bb84Input = z.input<typeof bb84Schema>;

/** @throws InputError for an unknown field, one out of its range, or decoys that leave no signal. */
export function bb84(input: Bb84Input = {}): Bb84 {
  const config = requireSchema('BB84', bb84Schema, input);
  const total = config.decoys.reduce((sum, { probability }) => sum + probability, 0);
  if (total >= 1) throw new InputError(`BB84: decoys have probability ${total}; allowed: below 1 in all`);
  return config;
}

/** Pulses whose bases agree, in order: one entry a pulse in each array. */
export interface SiftedBits {
  alice: Uint8Array;
  bob: Uint8Array;
  /** 1 for pulses of the key basis. */
  keyBasis: Uint8Array;
  /** 0 for the signal, then the decoys in their order. */
  intensity: Uint8Array;
}

/** What a simulated run of the optics left. */
export interface Bb84Run {
  pulses: number;
  durationSec: number;
  /** Clicks of the detectors, those out of gate included. */
  detections: number;
  /** Pulses with at least one click in their gate. */
  detectedPulses: number;
  sifted: SiftedBits;
}

/** Intensities with their probabilities, the signal first. */
export function intensitiesOf({ source, decoys }: Bb84): { meanPhotonNumber: number; probability: number }[] {
  const rest = 1 - decoys.reduce((sum, { probability }) => sum + probability, 0);
  return [{ meanPhotonNumber: source.meanPhotonNumber, probability: rest }, ...decoys];
}

/**
 * Simulates every photon that makes a click, and every dark click. Pulses that leave none are skipped (the gaps between
 * the others are geometric), so that the time it takes grows with the clicks only. Loss and detector efficiency thin a
 * Poisson number of photons, which leaves a Poisson number. A pulse that both detectors saw gets a random bit.
 * @param pulses 1 to 1e12
 * @throws InputError when `pulses` is out of range.
 */
export function simulateBb84(config: Bb84, pulses: number, rng: Rng): Bb84Run {
  requireInteger('pulses', pulses, 1, 1e12);
  const durationSec = pulses / config.source.pulseRateHz;
  const sent = new Pulses(config, rng.fork('pulses'));
  const clicks = photonClicks(config, pulses, sent, rng.fork('photons'));
  addDarkClicks(clicks, config.detector, durationSec, rng);
  const { stamps, detectors } = register(clicks, config, rng);
  const seen = new Map<number, number>();
  const periodSec = 1 / config.source.pulseRateHz;
  const reach = (config.gateSec ?? periodSec) / 2;
  for (let k = 0; k < stamps.length; k++) {
    const pulse = Math.round(stamps[k]! / periodSec);
    if (pulse < 0 || pulse >= pulses || Math.abs(stamps[k]! - pulse * periodSec) > reach) continue;
    seen.set(pulse, (seen.get(pulse) ?? 0) | (1 << detectors[k]!));
  }
  const sifted = sift(seen, sent, rng.fork('double clicks'));
  return { pulses, durationSec, detections: stamps.length, detectedPulses: seen.size, sifted };
}

/** What both sides picked for a pulse, in bits: value, basis of Alice, basis of Bob; then the intensity. */
type Choice = number;
const VALUE = 1;
const ALICE_KEY = 2;
const BOB_KEY = 4;
const INTENSITY_SHIFT = 3;

/** Choices of the pulses that matter, drawn when first asked for. */
class Pulses {
  /** Probability that a pulse brings at least one photon that makes a click. */
  readonly anyArrival: number;
  private readonly drawn = new Map<number, Choice>();
  private readonly withArrival: number[];
  private readonly without: number[];

  constructor(
    private readonly config: Bb84,
    private readonly rng: Rng,
  ) {
    const intensities = intensitiesOf(config);
    const means = detectableMeans(config);
    this.withArrival = intensities.map(({ probability }, k) => -probability * Math.expm1(-means[k]!));
    this.without = intensities.map(({ probability }, k) => probability * Math.exp(-means[k]!));
    this.anyArrival = this.withArrival.reduce((sum, p) => sum + p, 0);
  }

  /** Draws the choice of a pulse of which it is known whether it brings such a photon. */
  draw(pulse: number, arrives: boolean): Choice {
    const { rng } = this;
    const { keyBasisProbability } = this.config;
    const choice =
      (rng.uint32() & VALUE) |
      (rng.uniform() < keyBasisProbability ? ALICE_KEY : 0) |
      (rng.uniform() < keyBasisProbability ? BOB_KEY : 0) |
      (pick(arrives ? this.withArrival : this.without, rng) << INTENSITY_SHIFT);
    this.drawn.set(pulse, choice);
    return choice;
  }

  /** The choice of a pulse that clicked: one drawn before, or of a pulse without such a photon. */
  at(pulse: number): Choice {
    return this.drawn.get(pulse) ?? this.draw(pulse, false);
  }
}

/** Mean number of photons that make a click, by intensity. */
const detectableMeans = (config: Bb84): number[] =>
  intensitiesOf(config).map(
    ({ meanPhotonNumber }) => meanPhotonNumber * config.transmissivity * config.detector.efficiency,
  );

const agree = (choice: Choice): boolean =>
  (choice & ALICE_KEY) * (BOB_KEY / ALICE_KEY) === (choice & BOB_KEY);

function pick(weights: readonly number[], rng: Rng): number {
  if (weights.length === 1) return 0;
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < weights.length - 1; k++) {
    left -= weights[k]!;
    if (left < 0) return k;
  }
  return weights.length - 1;
}

function photonClicks(config: Bb84, pulses: number, sent: Pulses, rng: Rng): Clicks {
  const { pulseRateHz, polarizationFidelity, pulseWidthSec } = config.source;
  const clicks: Clicks = { timeSec: [], detector: [] };
  const any = sent.anyArrival;
  if (any === 0) return clicks;
  const means = detectableMeans(config);
  const skip = () => (any === 1 ? 1 : 1 + Math.floor(Math.log1p(-rng.uniform()) / Math.log1p(-any)));
  for (let pulse = skip() - 1; pulse < pulses; pulse += skip()) {
    const choice = sent.draw(pulse, true);
    for (let left = poissonAboveZero(means[choice >> INTENSITY_SHIFT]!, rng); left > 0; left--) {
      const known = agree(choice) && rng.uniform() < polarizationFidelity;
      const within = pulseWidthSec > 0 ? rng.normal(0, pulseWidthSec) : 0;
      clicks.timeSec.push(pulse / pulseRateHz + within);
      clicks.detector.push((known ? choice : rng.uint32()) & VALUE);
    }
  }
  return clicks;
}

/** A Poisson number given that it is not 0. */
function poissonAboveZero(mean: number, rng: Rng): number {
  let left = rng.uniform() * Math.expm1(mean);
  let term = mean;
  let n = 1;
  while (left >= term && n < 1000) {
    left -= term;
    n++;
    term *= mean / n;
  }
  return n;
}

function sift(seen: ReadonlyMap<number, number>, sent: Pulses, rng: Rng): SiftedBits {
  const length = seen.size;
  const [alice, bob, keyBasis, intensity] = [0, 1, 2, 3].map(() => new Uint8Array(length)) as Columns;
  let count = 0;
  for (const [pulse, mask] of seen) {
    const choice = sent.at(pulse);
    const bit = mask === 3 ? rng.uint32() & 1 : mask - 1;
    if (!agree(choice)) continue;
    alice[count] = choice & VALUE;
    bob[count] = bit;
    keyBasis[count] = choice & ALICE_KEY ? 1 : 0;
    intensity[count++] = choice >> INTENSITY_SHIFT;
  }
  const cut = (column: Uint8Array) => column.slice(0, count);
  return { alice: cut(alice), bob: cut(bob), keyBasis: cut(keyBasis), intensity: cut(intensity) };
}

type Columns = [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
