import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { equalise } from './equalise.js';
import {
  gilbertBursts,
  gilbertElliott,
  independentLosses,
  type LossProcess,
  packetErasure,
} from './losses.js';
import { fromPair, gradientGap, largestGap, type Pair, toPair } from './testing.js';
import type { ComplexTensor } from './types.js';

/** Loss rate and mean burst length over long rows. */
function measured(process: LossProcess, rng: Rng): { loss: number; burst: number } {
  const lost = process.sample(rng, 400_000);
  let [losses, bursts] = [0, 0];
  lost.forEach((value, index) => {
    losses += value;
    if (value === 1 && lost[index - 1] !== 1) bursts++;
  });
  return { loss: losses / lost.length, burst: losses / bursts };
}

beforeAll(async () => {
  await useEngine('cpu');
});

describe('loss processes', () => {
  it('lose the stationary share in bursts of the closed form', () => {
    const processes = [
      independentLosses({ lossProbability: 0.2 }),
      gilbertElliott({ goodToBad: 0.05, badToGood: 0.3 }),
      gilbertElliott({ goodToBad: 0.02, badToGood: 0.1, lossGood: 0.01, lossBad: 0.6 }),
      gilbertElliott({ goodToBad: 0.9, badToGood: 0.9 }),
    ];
    for (const process of processes) {
      const { loss, burst } = measured(process, Rng.of('loss'));
      // Bursts correlate neighbours: about 2 bursts' worth of packets count as one draw.
      const effective = 400_000 / (2 * 12);
      expect(Math.abs(loss - process.lossProbability)).toBeLessThan(4 * Math.sqrt(0.25 / effective));
      expect(Math.abs(burst / process.meanBurstPackets - 1)).toBeLessThan(0.03);
    }
  });

  it('have the textbook values: p/(p + r), 1/r, 1/(1 - p)', () => {
    const chain = gilbertElliott({ goodToBad: 0.05, badToGood: 0.25 });
    expect(chain.lossProbability).toBeCloseTo(1 / 6, 12);
    expect(chain.meanBurstPackets).toBeCloseTo(4, 12);
    expect(independentLosses({ lossProbability: 0.2 }).meanBurstPackets).toBeCloseTo(1.25, 12);
    const bursts = gilbertBursts({ lossProbability: 0.1, meanBurstPackets: 7 });
    expect(bursts.lossProbability).toBeCloseTo(0.1, 12);
    expect(bursts.meanBurstPackets).toBeCloseTo(7, 12);
    expect(independentLosses({ lossProbability: 0 }).sample(Rng.of(0), 9)).toEqual(new Uint8Array(9));
    expect(independentLosses({ lossProbability: 1 }).meanBurstPackets).toBe(Number.POSITIVE_INFINITY);
    expect(gilbertBursts({ lossProbability: 0, meanBurstPackets: 3 }).meanBurstPackets).toBe(0);
  });

  it('refuse what is out of range', () => {
    expect(() => independentLosses({ lossProbability: 1.1 })).toThrow('lossProbability is 1.1');
    expect(() => gilbertElliott({ goodToBad: Number.NaN, badToGood: 0 })).toThrow('goodToBad is NaN');
    expect(() => gilbertElliott({ goodToBad: 0, badToGood: 0 })).toThrow('goodToBad + badToGood is 0');
    expect(() => gilbertBursts({ lossProbability: 0.9, meanBurstPackets: 2 })).toThrow(
      'meanBurstPackets is 2',
    );
    expect(() => independentLosses({ lossProbability: 0.1 }).sample(Rng.of(0), 0)).toThrow('packets is 0');
    const losses = independentLosses({ lossProbability: 0.1 });
    expect(() => packetErasure({ snrDb: 0, losses, usesPerPacket: 0 })).toThrow('usesPerPacket is 0');
  });
});

describe('packetErasure', () => {
  const losses = gilbertElliott({ goodToBad: 0.3, badToGood: 0.4 });
  const channel = packetErasure({ snrDb: 10, losses, usesPerPacket: 4 });
  const shape = { codewords: 4, uses: 22 };

  it('loses whole packets, which the equaliser marks', () => {
    const draw = channel.sample(Rng.of(2), shape);
    const { symbols, noiseVariance } = equalise(draw.apply(new Float32Array(2 * 88).fill(1)), draw);
    const lost = Array.from({ length: 88 }, (_, use) => draw.gains[2 * use] === 0);
    expect(lost.filter(Boolean).length).toBeGreaterThan(0);
    lost.forEach((isLost, use) => {
      expect(isLost).toBe(lost[use - ((use % 22) % 4)]);
      expect(noiseVariance[use]).toBe(isLost ? Number.POSITIVE_INFINITY : Math.fround(0.1));
      if (isLost) expect(Math.abs(symbols[2 * use]!)).toBe(0);
    });
  });

  it('gives the same on tensors, and gradients that match finite differences', () => {
    const draw = channel.sample(Rng.of(2), shape);
    const sent = Rng.of('sent').fillNormal(new Float32Array(2 * 88));
    const applied = (pair: Pair) => draw.applyTensor(pair as ComplexTensor);
    expect(largestGap(fromPair(applied(toPair(sent, [4, 22]))), draw.apply(sent))).toBeLessThan(1e-5);
    expect(gradientGap(applied, draw.apply, sent, [4, 22])).toBeLessThan(1e-3);
  });
});
