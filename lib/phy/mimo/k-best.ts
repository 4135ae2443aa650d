import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { type ComplexMatrix, conjugateTranspose, matrixMultiply, qrFactors } from '../../math/index.js';
import { listLlrs } from './list.js';
import { smallestIndices } from './select.js';
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

/** Vectors of labels with their distances. */
export interface VectorList {
  readonly streams: number;
  /** Vector after vector, one label a stream. */
  readonly labels: Uint16Array;
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
  let list: VectorList = { streams, labels: new Uint16Array(streams), distances: new Float64Array(1) };
  for (let stream = streams - 1; stream >= 0; stream--) {
    const grown = extend(list, r, rotated, points, stream);
    list = keep(list, grown, smallestIndices(grown, kept), stream, points.length / 2);
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
    let re = rotated[2 * stream]!;
    let im = rotated[2 * stream + 1]!;
    for (let other = stream + 1; other < streams; other++) {
      const [rr, ri] = [r.data[row + 2 * other]!, r.data[row + 2 * other + 1]!];
      const point = 2 * labels[vector * streams + other]!;
      const [sr, si] = [points[point]!, points[point + 1]!];
      re -= rr * sr - ri * si;
      im -= rr * si + ri * sr;
    }
    const before = distances[vector]!;
    for (let label = 0; label < order; label++) {
      const dr = re - diagonal * points[2 * label]!;
      const di = im - diagonal * points[2 * label + 1]!;
      out[vector * order + label] = before + dr * dr + di * di;
    }
  }
  return out;
}

/** The list of the children chosen. */
function keep(
  { streams, labels }: VectorList,
  grown: Float64Array,
  chosen: Uint32Array,
  stream: number,
  order: number,
): VectorList {
  const next = new Uint16Array(chosen.length * streams);
  const distances = new Float64Array(chosen.length);
  for (let place = 0; place < chosen.length; place++) {
    const child = chosen[place]!;
    const parent = Math.floor(child / order) * streams;
    for (let other = stream + 1; other < streams; other++) {
      next[place * streams + other] = labels[parent + other]!;
    }
    next[place * streams + stream] = child % order;
    distances[place] = grown[child]!;
  }
  return { streams, labels: next, distances };
}

/** Puts the streams back where they stood before they were ordered. */
function inOrder({ streams, labels, distances }: VectorList, order: readonly number[]): VectorList {
  const original = new Uint16Array(labels.length);
  for (let at = 0; at < labels.length; at++) {
    const place = at % streams;
    original[at - place + order[place]!] = labels[at]!;
  }
  return { streams, labels: original, distances };
}
