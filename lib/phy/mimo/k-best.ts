import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { type ComplexMatrix, conjugateTranspose, matrixMultiply, qrFactors } from '../../math/index.js';
import { listLlrs } from './list.js';
import type { LabelledPoints, SoftOptions, VectorDetection } from './vector.js';
import { asColumn, whiten } from './whiten.js';

/** Settings of K-best detection. */
export interface KBestOptions extends SoftOptions {
  /** Partial vectors kept at each stream, 1 to 65536. */
  k: number;
  /** The LLR's magnitude where all vectors kept agree on a bit; default 20. */
  llrLimit?: number;
}

/**
 * K-best detection: the tree of partial vectors is walked stream by stream along the triangular factor of the
 * channel, of which the K nearest to what was received are kept (Guo and Nilsson 2006). Streams of more energy
 * come first. With K of all vectors it is maximum likelihood. LLRs come from the vectors kept at the end.
 * @returns the detection; it throws an InputError for more streams than antennas or noise that does not fit
 * @throws InputError when an option is out of range.
 */
export function kBest(constellation: LabelledPoints, options: KBestOptions): VectorDetection {
  const kept = requireInteger('k', options.k, 1, 65536);
  const method = requireChoice('method', options.method ?? 'app', ['app', 'max-log'] as const);
  const llrLimit = requireRange('llrLimit', options.llrLimit ?? 20, 0, 1e6);
  const { points, bitsPerSymbol } = constellation;
  return (h, noise) => {
    if (h.columns > h.rows) {
      throw new InputError(`K-best of ${h.columns} streams at ${h.rows} antennas; allowed: no more streams`);
    }
    const { channel, apply } = whiten(h, noise);
    const order = weakestFirst(channel);
    const { q, r } = qrFactors(pickColumns(channel, order));
    const rotation = conjugateTranspose(q);
    return {
      detect(received) {
        const rotated = matrixMultiply(rotation, apply(asColumn(received))).data;
        const list = search(r, rotated, points, kept);
        return listLlrs(inOrder(list, order), { bitsPerSymbol, method, llrLimit });
      },
    };
  };
}

/** Vectors of labels with their distances; `labels[stream]` holds one a vector. */
export interface VectorList {
  readonly labels: readonly Uint16Array[];
  /** |y - H x|^2 over N0, up to a constant. */
  readonly distances: Float64Array;
}

/** Streams by ascending energy: the search starts from the last. */
function weakestFirst({ rows, columns, data }: ComplexMatrix): number[] {
  const energies = Array.from({ length: columns }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      sum += data[2 * (i * columns + k)]! ** 2 + data[2 * (i * columns + k) + 1]! ** 2;
    }
    return sum;
  });
  return energies.map((_, k) => k).sort((a, b) => energies[a]! - energies[b]!);
}

function pickColumns({ rows, columns, data }: ComplexMatrix, order: readonly number[]): ComplexMatrix {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    order.forEach((from, to) => {
      out[2 * (i * columns + to)] = data[2 * (i * columns + from)]!;
      out[2 * (i * columns + to) + 1] = data[2 * (i * columns + from) + 1]!;
    });
  }
  return { rows, columns, data: out };
}

/** Walks from the last stream to the first, whose distance needs the symbols of all after it. */
function search(r: ComplexMatrix, rotated: Float64Array, points: Float64Array, kept: number): VectorList {
  const streams = r.rows;
  const order = points.length / 2;
  let list: VectorList = {
    labels: Array.from({ length: streams }, () => new Uint16Array(1)),
    distances: new Float64Array(1),
  };
  for (let stream = streams - 1; stream >= 0; stream--) {
    const grown = extend(list, r, rotated, points, stream);
    const chosen = smallest(grown, kept);
    list = {
      distances: Float64Array.from(chosen, (child) => grown[child]!),
      labels: list.labels.map((row, other) =>
        Uint16Array.from(chosen, (child) =>
          other === stream ? child % order : row[Math.floor(child / order)]!,
        ),
      ),
    };
  }
  return list;
}

/** Distances of all children: vector v with label s of the stream stands at v * order + s. */
function extend(
  { labels, distances }: VectorList,
  r: ComplexMatrix,
  rotated: Float64Array,
  points: Float64Array,
  stream: number,
): Float64Array {
  const streams = r.rows;
  const order = points.length / 2;
  const row = 2 * stream * streams;
  const diagonal = r.data[row + 2 * stream]!;
  const out = new Float64Array(distances.length * order);
  for (let vector = 0; vector < distances.length; vector++) {
    let [re, im] = [rotated[2 * stream]!, rotated[2 * stream + 1]!];
    for (let other = stream + 1; other < streams; other++) {
      const [rr, ri] = [r.data[row + 2 * other]!, r.data[row + 2 * other + 1]!];
      const label = labels[other]![vector]!;
      const [sr, si] = [points[2 * label]!, points[2 * label + 1]!];
      re -= rr * sr - ri * si;
      im -= rr * si + ri * sr;
    }
    for (let label = 0; label < order; label++) {
      const [dr, di] = [re - diagonal * points[2 * label]!, im - diagonal * points[2 * label + 1]!];
      out[vector * order + label] = distances[vector]! + dr * dr + di * di;
    }
  }
  return out;
}

/** Indices of the `count` smallest values, ascending by index. */
function smallest(values: Float64Array, count: number): Uint32Array {
  if (values.length <= count) return Uint32Array.from(values.keys());
  const threshold = values.slice().sort()[count - 1]!;
  const out = new Uint32Array(count);
  let ties = count;
  for (const value of values) if (value < threshold) ties--;
  let found = 0;
  for (let index = 0; found < count && index < values.length; index++) {
    const take = values[index]! < threshold || (values[index] === threshold && ties-- > 0);
    if (take) out[found++] = index;
  }
  return out;
}

/** Puts the streams back where they stood before they were ordered. */
function inOrder({ labels, distances }: VectorList, order: readonly number[]): VectorList {
  const original: Uint16Array[] = [];
  order.forEach((stream, place) => {
    original[stream] = labels[place]!;
  });
  return { labels: original, distances };
}
