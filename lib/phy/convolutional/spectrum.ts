import { InputError, requireInteger } from '../../base/index.js';
import { ones, type Trellis, trellisOf } from './trellis.js';

/** The weights of the error events of a convolutional code. */
export interface DistanceSpectrum {
  freeDistance: number;
  /** Number of error events at freeDistance, freeDistance + 1, ... */
  events: number[];
  /** Information bits that differ, summed over those events. */
  bitErrors: number[];
}

/** Paths under way in one state, by the weight gained so far. */
interface Bundle {
  paths: Float64Array;
  inputOnes: Float64Array;
}

/**
 * Distance spectrum of a convolutional code: the paths that leave the zero state once and return, by output weight
 * (Viterbi 1971). With it the bit error rate of BPSK is at most the sum of bitErrors[d] Q(sqrt(2 d R Eb/N0)).
 * @param generators octal in the literature: [0o133, 0o171]
 * @param terms how many distances from the free one on, 1 to 20
 * @throws InputError for wrong generators, or a catastrophic code, whose paths need not gain weight.
 */
export function distanceSpectrum(generators: readonly number[], terms = 6): DistanceSpectrum {
  requireInteger('terms', terms, 1, 20);
  const trellis = trellisOf(generators);
  const free = freeDistance(trellis);
  const most = free + terms - 1;
  const returned = newBundle(most);
  let open = new Map<number, Bundle>([[0, newBundle(most)]]);
  open.get(0)!.paths[0] = 1;
  // A path that never loops without weight ends within so many steps.
  for (let step = 0; open.size > 0; step++) {
    if (step > trellis.states * (most + 1)) {
      throw new InputError('generators of a catastrophic code; allowed: generators without a common factor');
    }
    open = advance(trellis, open, most, step === 0);
    const back = open.get(0);
    if (!back) continue;
    open.delete(0);
    for (let weight = 0; weight <= most; weight++) {
      returned.paths[weight]! += back.paths[weight]!;
      returned.inputOnes[weight]! += back.inputOnes[weight]!;
    }
  }
  return {
    freeDistance: free,
    events: [...returned.paths.subarray(free)],
    bitErrors: [...returned.inputOnes.subarray(free)],
  };
}

const newBundle = (most: number): Bundle => ({
  paths: new Float64Array(most + 1),
  inputOnes: new Float64Array(most + 1),
});

/** All paths one step on; those heavier than `most` are dropped. The first step leaves the zero state. */
function advance(
  { words, states }: Trellis,
  open: Map<number, Bundle>,
  most: number,
  isFirst: boolean,
): Map<number, Bundle> {
  const out = new Map<number, Bundle>();
  for (const [state, from] of open) {
    for (const input of isFirst ? [1] : [0, 1]) {
      const gain = ones(words[2 * state + input]!);
      if (!from.paths.some((count, weight) => count > 0 && weight + gain <= most)) continue;
      const next = (input * states) / 2 + (state >> 1);
      const to = out.get(next) ?? newBundle(most);
      out.set(next, to);
      for (let weight = 0; weight + gain <= most; weight++) {
        to.paths[weight + gain]! += from.paths[weight]!;
        to.inputOnes[weight + gain]! += from.inputOnes[weight]! + input * from.paths[weight]!;
      }
    }
  }
  return out;
}

/** Least weight of a path that leaves the zero state and returns, by relaxation until nothing improves. */
function freeDistance({ words, states }: Trellis): number {
  const least = new Float64Array(states).fill(Number.POSITIVE_INFINITY);
  least[states / 2] = ones(words[1]!);
  for (let changed = true; changed; ) {
    changed = false;
    for (let state = 1; state < states; state++) {
      for (const input of [0, 1]) {
        const next = (input * states) / 2 + (state >> 1);
        const weight = least[state]! + ones(words[2 * state + input]!);
        if (weight >= least[next]!) continue;
        least[next] = weight;
        changed = true;
      }
    }
  }
  return least[0]!;
}
