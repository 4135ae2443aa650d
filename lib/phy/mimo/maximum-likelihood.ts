import { InputError, requireChoice } from '../../base/index.js';
import type { ComplexMatrix } from '../../math/index.js';
import { LabelReducer } from '../constellation/reduce.js';
import type { LabelledPoints, SoftOptions, VectorDetection } from './vector.js';
import { asColumn, whiten } from './whiten.js';

/** Most bits of a vector: 65,536 vectors to try. */
const MAX_BITS = 16;

/**
 * Maximum-likelihood detection by trying every vector of symbols, |y - H x|^2 over N0 each: the best there is
 * for equally likely vectors, and the exact LLRs. The effort is `order` to the power of the streams.
 * @returns the detection; it throws an InputError for more than 16 bits a vector or noise that does not fit
 * @throws InputError for an unknown method.
 */
export function maximumLikelihood(constellation: LabelledPoints, options: SoftOptions = {}): VectorDetection {
  const method = requireChoice('method', options.method ?? 'app', ['app', 'max-log'] as const);
  const width = constellation.bitsPerSymbol;
  const reducers = new Map<number, LabelReducer>();
  return (h, noise) => {
    const streams = h.columns;
    const bits = width * streams;
    if (bits > MAX_BITS) {
      throw new InputError(
        `${streams} streams of ${width} bits for maximum likelihood; allowed: ${MAX_BITS} bits in all`,
      );
    }
    const reducer = reducers.get(bits) ?? new LabelReducer(bits);
    reducers.set(bits, reducer);
    const { channel, apply } = whiten(h, noise);
    const images = imagesOf(channel, constellation.points);
    const metrics = new Float64Array(2 ** bits);
    return {
      detect(received) {
        fillMetrics(metrics, apply(asColumn(received)).data, images, streams);
        const llrs = new Float32Array(bits);
        if (method === 'app') reducer.sum(metrics, llrs, 0, 1);
        else reducer.maximise(metrics, llrs, 0, 1);
        return { labels: labelsOf(largestAt(metrics), streams, width), llrs };
      },
    };
  };
}

/** h_k s of each stream k and point s: one vector over the antennas each. */
function imagesOf({ rows, columns, data }: ComplexMatrix, points: Float64Array): Float64Array[][] {
  return Array.from({ length: columns }, (_, stream) =>
    Array.from({ length: points.length / 2 }, (_, label) => {
      const [sr, si] = [points[2 * label]!, points[2 * label + 1]!];
      const image = new Float64Array(2 * rows);
      for (let antenna = 0; antenna < rows; antenna++) {
        const at = 2 * (antenna * columns + stream);
        image[2 * antenna] = data[at]! * sr - data[at + 1]! * si;
        image[2 * antenna + 1] = data[at]! * si + data[at + 1]! * sr;
      }
      return image;
    }),
  );
}

/** Log-likelihoods of all vectors; a vector's number is its labels written one after the other. */
function fillMetrics(
  metrics: Float64Array,
  received: Float64Array,
  images: Float64Array[][],
  streams: number,
): void {
  const residuals = Array.from({ length: streams }, () => new Float64Array(received.length));
  const visit = (stream: number, before: Float64Array, prefix: number): void => {
    const own = images[stream]!;
    const residual = residuals[stream]!;
    for (let label = 0; label < own.length; label++) {
      const image = own[label]!;
      const vector = prefix * own.length + label;
      let power = 0;
      for (let at = 0; at < residual.length; at++) {
        const gap = before[at]! - image[at]!;
        residual[at] = gap;
        power += gap * gap;
      }
      if (stream === streams - 1) metrics[vector] = -power;
      else visit(stream + 1, residual, vector);
    }
  };
  visit(0, received, 0);
}

function largestAt(metrics: Float64Array): number {
  let best = 0;
  for (let vector = 1; vector < metrics.length; vector++) {
    if (metrics[vector]! > metrics[best]!) best = vector;
  }
  return best;
}

function labelsOf(vector: number, streams: number, width: number): Uint32Array {
  const mask = 2 ** width - 1;
  return Uint32Array.from({ length: streams }, (_, k) => (vector >> (width * (streams - 1 - k))) & mask);
}
