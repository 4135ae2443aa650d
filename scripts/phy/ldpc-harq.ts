import { awgn } from 'semwave/channel';
import {
  type Constellation,
  constellation,
  countBitErrors,
  ldpcCode,
  type MonteCarloResult,
  randomBits,
  type Trials,
} from 'semwave/phy';
import type { NewRow } from 'semwave/pipeline';

/** Redundancy versions in the order sent; Chase combining repeats the first. */
export const combinings = {
  'incremental redundancy': [0, 2, 3, 1],
  'Chase combining': [0, 0, 0, 0],
} as const;
export type Combining = keyof typeof combinings;

export const most = 4;
/** Information bits, and bits of one transmission. */
export const harqBlock = { k: 1000, n: 1200 };
export const harqPoints: Constellation = constellation('qam', 4);
/** Channel uses of one transmission. */
const harqUses = harqBlock.n / harqPoints.bitsPerSymbol;

const failedAfter = (transmissions: number) => `failed after ${transmissions}`;
/** The counter of blocks that were lost. */
export const lostBlocks = failedAfter(most);

/** Blocks sent again until they are right, `most` times at most, by a receiver that knows when one is wrong. */
export function harqTrials(combining: Combining, snrDb: number): Trials {
  const code = ldpcCode({ ...harqBlock, decoder: 'min-sum-int8' });
  const channel = awgn({ snrDb });
  const deliver = (bits: Uint8Array, rng: Parameters<Trials>[0], failed: Record<string, number>) => {
    const receiver = code.receiver();
    for (const [index, version] of combinings[combining].entries()) {
      const realisation = channel.sample(rng, { codewords: 1, uses: harqUses });
      const received = realisation.apply(harqPoints.map(code.encode(bits, version)));
      const llrs = harqPoints.demap(received, realisation.noiseVariance);
      if (countBitErrors(receiver.receive(llrs, version).bits, bits) === 0) return;
      failed[failedAfter(index + 1)]!++;
    }
  };
  return (rng, trials) => {
    const failed = Object.fromEntries(combinings[combining].map((_, index) => [failedAfter(index + 1), 0]));
    for (let trial = 0; trial < trials; trial++) deliver(randomBits(rng, harqBlock.k), rng, failed);
    return failed;
  };
}

/** The blocks that are still wrong after so many transmissions. */
export const systemAfter = (transmissions: number): string =>
  transmissions === 1 ? '1 transmission' : `${transmissions} transmissions`;

/** Share of blocks that are wrong after so many transmissions. */
const errorRateAfter = (result: MonteCarloResult, transmissions: number) =>
  result.rate(failedAfter(transmissions));

/** Mean transmissions a block. */
function meanTransmissions(result: MonteCarloResult): number {
  let sum = 1;
  for (let sent = 1; sent < most; sent++) sum += errorRateAfter(result, sent).value;
  return sum;
}

/**
 * Delivered bits a channel use: k (1 - p) / (uses E t) with p the share of blocks lost and t the transmissions of a
 * block. The interval is that of a ratio of two means (delta method), of which a block gives d = 0 or 1 and t.
 */
export function throughput(result: MonteCarloResult) {
  const lost = errorRateAfter(result, most).value;
  const mean = meanTransmissions(result);
  let square = 1;
  for (let sent = 1; sent < most; sent++) square += (2 * sent + 1) * errorRateAfter(result, sent).value;
  const ratio = (1 - lost) / mean;
  const spread = 1 - lost - 2 * ratio * (mean - most * lost) + ratio ** 2 * square;
  const reach = (1.96 * Math.sqrt(Math.max(0, spread) / result.trials)) / mean;
  const bits = harqBlock.k / harqUses;
  return {
    value: bits * ratio,
    ci95: [bits * Math.max(0, ratio - reach), bits * (ratio + reach)] as [number, number],
  };
}

/** A row for each transmission, with the blocks that are wrong after it, and one for all of them together. */
export function harqRows(combining: Combining, result: MonteCarloResult): NewRow[] {
  const unit = 'bit/channel use';
  const row = (system: string, rate: NewRow['rate'], judged: number, sent: number): NewRow => ({
    system,
    rate,
    accuracy: {
      ...errorRateAfter(result, judged),
      unit: 'ratio',
      metric: 'block error rate',
      stopRule: result.stopRule,
    },
    latency: { value: sent * harqUses, unit: 'channel uses', metric: 'air time of a block' },
  });
  const each = combinings[combining].map((_, index) => {
    const sent = index + 1;
    return row(systemAfter(sent), { value: harqBlock.k / (sent * harqUses), unit }, sent, sent);
  });
  const delivered = { ...throughput(result), unit, metric: 'throughput' };
  return [...each, row(combining, delivered, most, meanTransmissions(result))];
}
