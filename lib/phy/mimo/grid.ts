import { InputError } from '../../base/index.js';
import { type ComplexMatrix, complexMatrix } from '../../math/index.js';
import type { KnownChannel, ResourceGrid } from '../ofdm/index.js';
import type { LinearDetection } from './linear.js';
import type { VectorDetection } from './vector.js';
import type { Noise } from './whiten.js';

/** What a receiver of several antennas has on a resource grid. */
export interface MimoReception {
  readonly grid: ResourceGrid;
  /** What each antenna received on all resource elements, interleaved complex. */
  readonly received: readonly Float64Array[];
  /** The channel of antenna r and stream s at [r][s]. */
  readonly channels: readonly (readonly KnownChannel[])[];
  /**
   * N0 of each antenna, or the noise covariance of the antennas, the same for all resource elements. The error
   * variances of channel estimates are added to its diagonal, streams having unit energy.
   */
  readonly noise: Noise;
}

/** A stream's symbols at the data's places, as a demapper takes them. */
export interface DetectedStream {
  readonly symbols: Float32Array;
  readonly noiseVariance: Float32Array;
}

/**
 * Linear detection of the data of every resource element by itself.
 * @returns one entry a stream, in the order of `placeOnGrid`
 * @throws InputError when lengths do not match, or as the detector does.
 */
export function detectOnGrid(reception: MimoReception, detection: LinearDetection): DetectedStream[] {
  const count = reception.grid.dataIndices.length;
  const streams = Array.from({ length: requireReception(reception) }, () => ({
    symbols: new Float32Array(2 * count),
    noiseVariance: new Float32Array(count),
  }));
  forEachDataElement(reception, (place, received, h, noise) => {
    const { noiseVariance, detect } = detection(h, noise);
    const symbols = detect(received);
    streams.forEach((stream, k) => {
      stream.symbols.set(symbols.subarray(2 * k, 2 * k + 2), 2 * place);
      stream.noiseVariance[place] = noiseVariance[k]!;
    });
  });
  return streams;
}

/**
 * Joint detection (maximum likelihood, K-best) of the data of every resource element by itself.
 * @returns the LLRs of each stream, in the order of `placeOnGrid`
 * @throws InputError when lengths do not match, or as the detector does.
 */
export function softDetectOnGrid(reception: MimoReception, detection: VectorDetection): Float32Array[] {
  const streams = requireReception(reception);
  const parts: Float32Array[] = [];
  forEachDataElement(reception, (_, received, h, noise) => {
    parts.push(detection(h, noise).detect(received).llrs);
  });
  const width = (parts[0]?.length ?? 0) / streams;
  return Array.from({ length: streams }, (_, k) => {
    const llrs = new Float32Array(parts.length * width);
    parts.forEach((part, place) => {
      llrs.set(part.subarray(k * width, (k + 1) * width), place * width);
    });
    return llrs;
  });
}

/** The number of streams. @throws InputError when antennas, streams or resource elements do not match. */
function requireReception({ grid, received, channels }: MimoReception): number {
  const streams = channels[0]?.length ?? 0;
  if (received.length === 0 || channels.length !== received.length || streams === 0) {
    throw new InputError(
      `${received.length} antennas received, channels of ${channels.length} and ${streams} streams; allowed: as many antennas, 1 or more streams`,
    );
  }
  const elements = grid.symbols * grid.subcarriers;
  const lengths = [...received, ...channels.flatMap((row) => row.map(({ channel }) => channel))];
  const uneven = channels.some((row) => row.length !== streams);
  if (uneven || lengths.some((values) => values.length !== 2 * elements)) {
    throw new InputError(
      `antennas or channels of different sizes; allowed: ${elements} resource elements each`,
    );
  }
  return streams;
}

function forEachDataElement(
  { grid, received, channels, noise }: MimoReception,
  visit: (place: number, received: Float64Array, h: ComplexMatrix, noise: Noise) => void,
): void {
  const [receive, streams] = [received.length, channels[0]!.length];
  const estimated = channels.some((row) => row.some(({ errorVariance }) => errorVariance));
  grid.dataIndices.forEach((index, place) => {
    const y = new Float64Array(2 * receive);
    const h = complexMatrix(receive, streams);
    for (let r = 0; r < receive; r++) {
      y.set(received[r]!.subarray(2 * index, 2 * index + 2), 2 * r);
      for (let s = 0; s < streams; s++) {
        h.data.set(channels[r]![s]!.channel.subarray(2 * index, 2 * index + 2), 2 * (r * streams + s));
      }
    }
    visit(place, y, h, estimated ? withErrors(noise, channels, index) : noise);
  });
}

/** The noise covariance with the error variances of all streams' estimates on its diagonal. */
function withErrors(noise: Noise, channels: MimoReception['channels'], index: number): ComplexMatrix {
  const n = channels.length;
  const out = complexMatrix(n, n, typeof noise === 'number' ? undefined : noise.data.slice());
  for (const [r, row] of channels.entries()) {
    let sum = typeof noise === 'number' ? noise : 0;
    for (const { errorVariance } of row) sum += errorVariance?.[index] ?? 0;
    out.data[2 * r * (n + 1)]! += sum;
  }
  return out;
}
