import { setImmediate } from 'node:timers/promises';
import { mean, type Rng, standardError, wilsonInterval } from 'semwave/math';
import type { NewRow } from 'semwave/pipeline';
import {
  BELL_LABELS,
  type BellState,
  bellEntropy,
  bellState,
  createKernel,
  entanglementLink,
  keepGenerating,
  type Link,
  type LinkModel,
  type LinkSchemeInput,
  linkModel,
  midpointLink,
  picoseconds,
  type StationInput,
} from 'semwave/quantum';

export const schemes = ['Barrett-Kok', 'two-photon', 'single-click', 'sender to receiver'] as const;

export type Scheme = (typeof schemes)[number];

/** What all links of the experiment are built of. */
export interface Hardware {
  emission: number;
  rawFidelity: number;
  resetHz: number;
  t2Sec: number;
  detection: number;
  darkCountHz: number;
  windowSec: number;
  overlap: number;
  brightPopulation: number;
}

export function linkOf(hardware: Hardware, scheme: Scheme, lengthKm: number): Link {
  const { emission: efficiency, rawFidelity, resetHz: rateHz, t2Sec } = hardware;
  const { detection, darkCountHz, windowSec, overlap, brightPopulation } = hardware;
  const detector = { efficiency: detection, darkCountRateHz: darkCountHz };
  return midpointLink({
    lengthKm,
    memory: { efficiency, rawFidelity, rateHz, t2Sec },
    scheme: schemeOf(scheme, { detector, windowSec, overlap }, brightPopulation),
  });
}

function schemeOf(scheme: Scheme, station: StationInput, brightPopulation: number): LinkSchemeInput {
  if (scheme === 'sender to receiver') return { kind: 'sender-receiver' };
  if (scheme === 'single-click') return { kind: scheme, station, brightPopulation };
  return { kind: scheme === 'Barrett-Kok' ? 'barrett-kok' : scheme, station };
}

export const formulaOf = (scheme: string): string => `${scheme}, closed form`;

const perSec = { unit: '1/s', metric: 'pairs a second' };
const ofPair = { unit: 'ratio', metric: 'fidelity at the herald' };
const wait = { unit: 's', metric: 'mean time to a pair' };

/** Ebits that hashing distils from many pairs in a state, each: 1 - entropy (Bennett et al. 1996), or none. */
const hashing = (state: BellState): number => Math.max(0, 1 - bellEntropy(state));

/** The closed form of a link with so many memories a side. */
export function closedForm(scheme: Scheme, model: LinkModel, memories: number): NewRow {
  const { ratePerSec, state } = model;
  return {
    system: formulaOf(scheme),
    rate: { ...perSec, value: memories * ratePerSec },
    accuracy: { ...ofPair, value: state.phiPlus },
    latency: { ...wait, value: 1 / ratePerSec },
    params: { ebitsPerUse: (model.successProbability / model.rounds) * hashing(state) },
  };
}

interface CountOptions {
  memories: number;
  rng: Rng;
  pairs: number;
  attempts: number;
  signal: AbortSignal;
  progress(fraction: number): void;
}

/**
 * Simulates attempts until there are so many pairs, or so many attempts were made. Undefined where fewer than two pairs
 * came, of which no interval follows.
 */
export async function simulated(
  scheme: Scheme,
  link: Link,
  options: CountOptions,
): Promise<NewRow | undefined> {
  const { memories, rng, pairs, attempts, signal, progress } = options;
  const kernel = createKernel();
  const entanglement = entanglementLink(kernel, link, rng);
  const states: BellState[] = [];
  keepGenerating(kernel, entanglement, memories, {
    onPair(pair) {
      states.push(pair.state);
      pair.release();
    },
  });
  const model = linkModel(link);
  const stepPs = picoseconds('step', Math.min((20_000 * model.attemptSec) / memories, 10));
  while (states.length < pairs && entanglement.attempts < attempts) {
    kernel.run(kernel.nowPs + stepPs);
    progress(Math.min(1, Math.max(states.length / pairs, entanglement.attempts / attempts)));
    await setImmediate();
    signal.throwIfAborted();
  }
  if (states.length < 2) return undefined;
  return countedRow(
    scheme,
    { states, attempts: entanglement.attempts, seconds: kernel.nowPs / 1e12, memories },
    model,
  );
}

interface Counted {
  states: BellState[];
  attempts: number;
  seconds: number;
  memories: number;
}

function countedRow(
  scheme: Scheme,
  { states, attempts, seconds, memories }: Counted,
  model: LinkModel,
): NewRow {
  const probability = states.length / attempts;
  const ratePerSec = states.length / seconds;
  const interval = wilsonInterval(states.length, attempts);
  // Attempts differ little in duration, so a rate is as uncertain as its probability.
  const scaled = (value: number, power = 1) =>
    interval.map((bound) => value * (bound / probability) ** power).sort((a, b) => a - b) as [number, number];
  const fidelities = states.map(({ phiPlus }) => phiPlus);
  const fidelity = mean(fidelities);
  const error = 1.96 * standardError(fidelities);
  const ebits = (probability / model.rounds) * hashing(meanState(states));
  const [low, high] = scaled(ebits);
  return {
    system: scheme,
    rate: { ...perSec, value: ratePerSec, ci95: scaled(ratePerSec) },
    accuracy: { ...ofPair, value: fidelity, ci95: [fidelity - error, Math.min(1, fidelity + error)] },
    latency: { ...wait, value: memories / ratePerSec, ci95: scaled(memories / ratePerSec, -1) },
    params: { ebitsPerUse: ebits, ebitsPerUseLow: low, ebitsPerUseHigh: high },
  };
}

function meanState(states: readonly BellState[]): BellState {
  const probabilities = BELL_LABELS.map((label) => [label, mean(states.map((state) => state[label]))]);
  return bellState(Object.fromEntries(probabilities) as Record<(typeof BELL_LABELS)[number], number>);
}
