import {
  type Alphabet,
  decodeFrame,
  type Estimates,
  type FrameSetup,
  frameAxes,
  frameBits,
  frameEcho,
  frameSymbols,
  locateTarget,
  noiseless,
  numerology,
  type Observation,
  refineFit,
  removeSymbols,
  type Source,
  wrapped,
} from 'semwave/isac';
import type { Rng } from 'semwave/math';
import { constellation, countBitErrors, ldpcCode, randomBits } from 'semwave/phy';

/** Two slots of five resource blocks at 28 GHz, monostatic. */
export const frame = numerology({ carrierHz: 28e9, spacingHz: 120e3, resourceBlocks: 5, slots: 2 });
export const axes = frameAxes(frame, { size: 1 }).slice(1);
export const shape = [frame.subcarriers, frame.symbols];
const elements = frame.subcarriers * frame.symbols;

/** A target anywhere, of a random phase. */
function anyTarget(power: number, rng: Rng): Source {
  const phase = rng.uniform(0, 2 * Math.PI);
  const gain = Math.sqrt(power);
  return {
    mu: shape.map(() => rng.uniform(-Math.PI, Math.PI)),
    gains: Float64Array.of(gain * Math.cos(phase), gain * Math.sin(phase)),
  };
}

/** Echoes of a frame, in noise. */
function heard(targets: readonly Source[], sent: Float64Array, noiseVariance: number, rng: Rng): Observation {
  const echo = frameEcho(noiseless(targets, { shape }), sent);
  const noise = rng.fillComplexNormal(new Float64Array(sent.length), noiseVariance);
  return { ...echo, data: echo.data.map((value, at) => value + noise[at]!) };
}

/** Squared errors in squared metres and squared metres a second; frequencies wrap. */
const squaredErrors = (found: readonly number[], truth: readonly number[]) =>
  truth.map((mu, d) => (wrapped((found[d] ?? 0) - mu) / axes[d]!.slope(0)) ** 2);

const located = ({ resolved, sources }: Estimates, target: Source) => ({
  resolved,
  squares: squaredErrors(sources[0]?.mu ?? [], target.mu),
});

/** Within a quarter of a Fourier bin of the truth, as a tracker foretells it. */
const foretold = ({ mu }: Source, rng: Rng) =>
  mu.map((value, d) => value + (rng.uniform(-0.5, 0.5) * Math.PI) / shape[d]!);

/** One frame of Gaussian symbols with the powers given, echoed by a target of gain 1. */
export function targetTrial(power: Float64Array, noiseVariance: number, rng: Rng) {
  const target = anyTarget(1, rng.fork('target'));
  const symbols = rng.fork('symbols').fillComplexNormal(new Float64Array(2 * elements));
  const sent = symbols.map((value, at) => value * Math.sqrt(power[at >> 1]!));
  const received = heard([target], sent, noiseVariance, rng.fork('noise'));
  const near = foretold(target, rng.fork('tracker'));
  return {
    searched: located(locateTarget(received, sent), target),
    tracked: located(locateTarget(received, sent, { near }), target),
  };
}

/** Four symbols of the frame are pilots, at all different distances: evenly spaced ones would leave velocity ambiguous. */
const pilotSymbols = [2, 3, 12, 25];
const isPilot = (place: number) => pilotSymbols.includes(place % frame.symbols);
export const pilotPowers = Float64Array.from({ length: elements }, (_, place) => Number(isPilot(place)));

const dataPlaces = [...pilotPowers.keys()].filter((place) => !isPilot(place));
const data: FrameSetup = {
  constellation: constellation('qam', 16),
  code: ldpcCode({ k: 960, n: 1920 }),
  subcarriers: frame.subcarriers,
  symbols: frame.symbols - pilotSymbols.length,
};

function taken(values: Float64Array, places: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: 2 * places.length },
    (_, at) => values[2 * places[at >> 1]! + (at % 2)]!,
  );
}

function put(values: Float64Array, into: Float64Array, places: readonly number[]): Float64Array {
  const out = into.slice();
  for (const [k, place] of places.entries()) out.set(values.subarray(2 * k, 2 * k + 2), 2 * place);
  return out;
}

const dataShape = [data.subcarriers, data.symbols];
const onlyData = (one: Observation): Observation => ({
  ...one,
  shape: dataShape,
  data: taken(one.data, dataPlaces),
});

/**
 * A bistatic receiver: the path it senses is the one its data come over. It finds the path by the pilots, decodes 16-QAM under a
 * code of rate 1/2, encodes again and looks once more, right or wrong.
 */
export function dataTrial(noiseVariance: number, rng: Rng) {
  const path = anyTarget(1, rng.fork('target'));
  const bits = randomBits(rng.fork('bits'), frameBits(data));
  const known = qpskPilots(rng.fork('pilots'));
  const sent = put(frameSymbols(data, bits), known, dataPlaces);
  const received = heard([path], sent, noiseVariance, rng.fork('noise'));
  const first = locateTarget(received, known);
  const source = first.sources[0] ?? { mu: [0, 0], gains: Float64Array.of(0, 0) };
  const channel = noiseless([source], { shape });
  const decoded = decodeFrame(data, onlyData(received), onlyData(channel), noiseVariance);
  const guess = put(decoded.symbols, known, dataPlaces);
  return {
    bits: bits.length,
    failed: countBitErrors(bits, decoded.bits) > 0,
    pilots: squaredErrors(source.mu, path.mu),
    decoded: located(locateTarget(received, guess), path).squares,
    genie: located(locateTarget(received, sent), path).squares,
  };
}

/** Random QPSK on the pilots, 0 elsewhere. */
function qpskPilots(rng: Rng): Float64Array {
  const out = new Float64Array(2 * elements);
  for (let place = 0; place < elements; place++)
    if (isPilot(place))
      for (const part of [0, 1]) out[2 * place + part] = rng.uniform() < 0.5 ? Math.SQRT1_2 : -Math.SQRT1_2;
  return out;
}

/** Ten Fourier bins in range and five in velocity from the target looked for, so that side lobes do not matter. */
const ASIDE = [10, 5];
const ROUNDS = 3;

/**
 * A weak target beside a strong one, in a frame of even power: both fitted after the symbols are divided out or matched, or each
 * fitted to what the other leaves of the received frame.
 */
export function symbolsTrial(symbols: Alphabet, power: { weak: number; strong: number }, rng: Rng) {
  const weak = anyTarget(power.weak, rng.fork('target'));
  const aside = weak.mu.map((mu, d) => mu + (2 * Math.PI * ASIDE[d]!) / shape[d]!);
  const strong = { ...anyTarget(power.strong, rng.fork('strong')), mu: aside };
  const sent =
    symbols !== 'gaussian'
      ? Float64Array.from(symbols.map(randomBits(rng.fork('bits'), elements * symbols.bitsPerSymbol)))
      : rng.fork('bits').fillComplexNormal(new Float64Array(2 * elements));
  const received = heard([weak, strong], sent, 1, rng.fork('noise'));
  const starts = [weak, strong].map((one, i) => foretold(one, rng.fork('tracker').fork(i)));
  const fitted = (method: 'divide' | 'matched') =>
    squaredErrors(
      refineFit(removeSymbols(received, sent, method), starts)?.sources[0]?.mu ?? starts[0]!,
      weak.mu,
    );
  return {
    divide: fitted('divide'),
    matched: fitted('matched'),
    subtracted: squaredErrors(inTurn(received, sent, starts), weak.mu),
  };
}

function inTurn(
  received: Observation,
  sent: Float64Array,
  [weak, strong]: readonly number[][],
): readonly number[] {
  let [mu, rest] = [weak!, received];
  let near = strong!;
  for (let round = 0; round < ROUNDS; round++) {
    const big = locateTarget(rest, sent, { near }).sources;
    const small = locateTarget(without(received, sent, big), sent, { near: mu }).sources;
    [near, mu] = [big[0]?.mu.slice() ?? near, small[0]?.mu.slice() ?? mu];
    rest = without(received, sent, small);
  }
  return mu;
}

/** The received frame without the echoes of what was found. */
function without(received: Observation, sent: Float64Array, found: readonly Source[]): Observation {
  const echo = frameEcho(noiseless(found, { shape }), sent);
  return { ...received, data: received.data.map((value, at) => value - echo.data[at]!) };
}
