import { awgn } from 'semwave/channel';
import {
  type BlockCode,
  type Constellation,
  linkTrials,
  type MonteCarloOptions,
  modulationDensity,
  monteCarlo,
  normalApproximationErrorRate,
} from 'semwave/phy';
import type { NewRow, Row } from 'semwave/pipeline';

/** The curve that no code of its length is expected to fall below. */
export const bound = 'normal approximation';

/** A code, or just its size. */
type Size = Pick<BlockCode, 'k' | 'n'>;

/** Es/N0 of an Eb/N0 that counts information bits only. */
export const snrDbOf = ({ k, n }: Size, points: Constellation, ebN0Db: number): number =>
  ebN0Db + 10 * Math.log10((k * points.bitsPerSymbol) / n);

/** What the best code of this length is expected to reach over AWGN; `points` are those of a QAM. */
export function bestErrorRate({ k, n }: Size, points: Constellation, snrDb: number): number {
  const { capacity, dispersion } = modulationDensity(points, snrDb);
  // A symbol is two uses, one each of its axes.
  const use = { capacity: capacity / 2, dispersion: dispersion / 2 };
  return normalApproximationErrorRate(use, { k, n: (2 * n) / points.bitsPerSymbol });
}

/** Values from the least to the largest, `step` apart. */
export function steps(values: readonly number[], step: number): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => low + k * step);
}

/** The bound beside the rows of one code, over their Eb/N0. */
export function boundRows(rows: readonly Row[], size: Size, points: Constellation): Row[] {
  const [first] = rows;
  if (!first) return [];
  const { unit, metric } = first.accuracy;
  const ebN0sDb = rows.map(({ params }) => Number(params.ebN0Db));
  return steps(ebN0sDb, 0.1).map((ebN0Db) => {
    const value = bestErrorRate(size, points, snrDbOf(size, points, ebN0Db));
    const params = { code: first.params.code!, ebN0Db };
    return { ...first, system: bound, params, accuracy: { value, unit, metric } };
  });
}

/** Sends blocks over AWGN until the stop rule holds: block error rate, and mean time of the decoder. */
export async function blockErrors(
  code: BlockCode,
  points: Constellation,
  snrDb: number,
  options: MonteCarloOptions,
): Promise<Omit<NewRow, 'system'>> {
  const clock = { elapsedMs: 0 };
  const trials = linkTrials({
    constellation: points,
    channel: awgn({ snrDb }),
    code: timed(code, clock),
  });
  const result = await monteCarlo(trials, options);
  return {
    rate: { value: (points.bitsPerSymbol * code.k) / code.n, unit: 'bit/channel use' },
    accuracy: {
      ...result.rate('blockErrors'),
      unit: 'ratio',
      metric: 'block error rate',
      stopRule: result.stopRule,
    },
    latency: { value: clock.elapsedMs / result.trials, unit: 'ms', metric: 'decoding of a block' },
  };
}

/** A decoder that adds up the time it takes. */
function timed(code: BlockCode, clock: { elapsedMs: number }): BlockCode {
  return {
    ...code,
    decode(llrs) {
      const started = performance.now();
      const decoded = code.decode(llrs);
      clock.elapsedMs += performance.now() - started;
      return decoded;
    },
  };
}
