import { InputError } from '../../base/index.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  cholesky,
  complexMatrix,
  solveCholesky,
  solveLower,
} from '../../math/index.js';
import type { ChannelEstimate, PilotEstimates } from './estimate.js';
import { pilotsOf, type ResourceGrid, resourceElements } from './grid.js';

/** What an LMMSE estimator knows. */
export interface LmmseOptions {
  /** E[h_k h_l^*] over the used subcarriers, Hermitian, of the channel's mean power on the diagonal. */
  frequency: ComplexMatrix;
  /** E[h_t h_s^*] over the OFDM symbols, 1 on the diagonal; left out: the channel stands still. */
  time?: ComplexMatrix;
  /** N0 per complex dimension, above 0. */
  noiseVariance: number;
  /** Whose pilots, from 0 (default). */
  stream?: number;
}

/** An LMMSE estimator for one grid, stream, covariance and noise. */
export interface LmmseEstimator {
  /** E|error|^2 of each resource element, which does not depend on what was received. */
  readonly errorVariance: Float64Array;
  /**
   * Estimates the channel at all resource elements.
   * @throws InputError unless the pilots are those of the grid's stream.
   */
  estimate(pilots: PilotEstimates): ChannelEstimate;
}

/**
 * Linear minimum mean square error estimation from the least-squares estimates at the pilots, over frequency and
 * time at once: h = R_hp (R_pp + S)^-1 h_LS with the error variances diag(R - R_hp (R_pp + S)^-1 R_ph) (Edfors
 * et al. 1998, with pilots anywhere). The covariance is the product of one over time and one over frequency;
 * S holds N0/|p|^2. The factorisation, O(pilots^3), is done once.
 * @throws InputError when a covariance does not fit the grid or is not Hermitian and non-negative, N0 is not
 *   above 0, or the stream has no pilots.
 */
export function lmmseEstimator(grid: ResourceGrid, options: LmmseOptions): LmmseEstimator {
  const { noiseVariance, frequency } = options;
  const time = options.time ?? stillChannel(grid.symbols);
  requireSide(frequency, grid.subcarriers, 'frequency covariance', 'subcarriers');
  requireSide(time, grid.symbols, 'time covariance', 'symbols');
  if (!(noiseVariance > 0)) throw new InputError(`noiseVariance is ${noiseVariance}; allowed: above 0`);
  const { indices, values } = pilotsOf(grid, options.stream ?? 0);
  if (indices.length === 0) throw new InputError('LMMSE from 0 pilots; allowed: 1 or more');
  const covariance = new GridCovariance(grid, time, frequency);
  const noise = Float64Array.from(
    indices,
    (_, place) => noiseVariance / (values[2 * place]! ** 2 + values[2 * place + 1]! ** 2),
  );
  const factor = cholesky(addToDiagonal(covariance.between(indices, indices), noise));
  const errorVariance = errorVariances(grid, covariance, indices, factor);
  return {
    errorVariance,
    estimate(pilots) {
      requireSamePilots(indices, pilots.indices);
      const weights = solveCholesky(factor, complexMatrix(indices.length, 1, pilots.channel.slice()));
      return { channel: covariance.apply(indices, weights.data), errorVariance };
    },
  };
}

function stillChannel(symbols: number): ComplexMatrix {
  return complexMatrix(
    symbols,
    symbols,
    new Float64Array(2 * symbols * symbols).map((_, i) => 1 - (i % 2)),
  );
}

function requireSide({ rows, columns }: ComplexMatrix, side: number, name: string, what: string): void {
  if (rows !== side || columns !== side) {
    throw new InputError(`${name} is ${rows} x ${columns} for ${side} ${what}; allowed: ${side} x ${side}`);
  }
}

function requireSamePilots(own: Uint32Array, given: Uint32Array): void {
  if (own.length !== given.length || own.some((index, place) => index !== given[place])) {
    throw new InputError(
      `${given.length} pilots that are not those of this estimator; allowed: its ${own.length}`,
    );
  }
}

/** Covariance of the channel between resource elements, time times frequency. */
class GridCovariance {
  constructor(
    private readonly grid: ResourceGrid,
    private readonly time: ComplexMatrix,
    private readonly frequency: ComplexMatrix,
  ) {}

  between(rows: Uint32Array, columns: Uint32Array): ComplexMatrix {
    const { symbols, subcarriers } = this.grid;
    const out = complexMatrix(rows.length, columns.length);
    let to = 0;
    for (const row of rows) {
      const [t, k] = [Math.floor(row / subcarriers), row % subcarriers];
      for (const column of columns) {
        const timeAt = 2 * (t * symbols + Math.floor(column / subcarriers));
        const frequencyAt = 2 * (k * subcarriers + (column % subcarriers));
        const [tr, ti] = [this.time.data[timeAt]!, this.time.data[timeAt + 1]!];
        const [fr, fi] = [this.frequency.data[frequencyAt]!, this.frequency.data[frequencyAt + 1]!];
        out.data[to++] = tr * fr - ti * fi;
        out.data[to++] = tr * fi + ti * fr;
      }
    }
    return out;
  }

  /** R_hp w for all resource elements h: over frequency within each pilot's symbol, then over time. */
  apply(pilots: Uint32Array, weights: Float64Array): Float64Array {
    const { symbols, subcarriers } = this.grid;
    const out = new Float64Array(2 * resourceElements(this.grid));
    for (let start = 0; start < pilots.length; ) {
      const symbol = Math.floor(pilots[start]! / subcarriers);
      const line = new Float64Array(2 * subcarriers);
      let pilot = start;
      for (; pilot < pilots.length && pilots[pilot]! < (symbol + 1) * subcarriers; pilot++) {
        this.addColumn(line, pilots[pilot]! % subcarriers, weights[2 * pilot]!, weights[2 * pilot + 1]!);
      }
      start = pilot;
      for (let t = 0; t < symbols; t++) {
        const at = 2 * (t * symbols + symbol);
        addScaled(out, 2 * t * subcarriers, line, this.time.data[at]!, this.time.data[at + 1]!);
      }
    }
    return out;
  }

  /** line += column k of the frequency covariance times a complex weight. */
  private addColumn(line: Float64Array, k: number, re: number, im: number): void {
    const { columns, data } = this.frequency;
    for (let row = 0; row < columns; row++) {
      const at = 2 * (row * columns + k);
      line[2 * row]! += data[at]! * re - data[at + 1]! * im;
      line[2 * row + 1]! += data[at]! * im + data[at + 1]! * re;
    }
  }
}

function addScaled(out: Float64Array, start: number, line: Float64Array, re: number, im: number): void {
  for (let j = 0; j < line.length; j += 2) {
    out[start + j]! += line[j]! * re - line[j + 1]! * im;
    out[start + j + 1]! += line[j]! * im + line[j + 1]! * re;
  }
}

/** diag(R - R_hp (R_pp + S)^-1 R_ph), symbol by symbol: the prior less |L^-1 r|^2. */
function errorVariances(
  grid: ResourceGrid,
  covariance: GridCovariance,
  pilots: Uint32Array,
  factor: ComplexMatrix,
): Float64Array {
  const { symbols, subcarriers } = grid;
  const out = new Float64Array(symbols * subcarriers);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const line = Uint32Array.from({ length: subcarriers }, (_, k) => symbol * subcarriers + k);
    const explained = columnPowers(solveLower(factor, covariance.between(pilots, line)));
    line.forEach((element, k) => {
      const self = Uint32Array.of(element);
      out[element] = Math.max(0, covariance.between(self, self).data[0]! - explained[k]!);
    });
  }
  return out;
}

function columnPowers({ rows, columns, data }: ComplexMatrix): Float64Array {
  const out = new Float64Array(columns);
  for (let at = 0; at < 2 * rows * columns; at++) out[(at >> 1) % columns]! += data[at]! * data[at]!;
  return out;
}
