import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fraction } from '../testing.js';
import { transmissivity } from '../units.js';
import {
  chainBits,
  chainBound,
  evenChainBound,
  evenStation,
  graphOf,
  networkBounds,
  oneWayBits,
  plobBits,
  stationLimit,
} from './index.js';

const fibre = (lengthKm: number) => transmissivity(0.2 * lengthKm);

describe('a link', () => {
  it('carries -log2(1 - η), also where that is 1.44 η', () => {
    expect(plobBits(fibre(10))).toBeCloseTo(1.43814052, 8);
    expect(plobBits(1e-18) / 1e-18).toBeCloseTo(Math.LOG2E, 12);
    expect(plobBits(0)).toBe(0);
    expect(plobBits(1)).toBe(Number.POSITIVE_INFINITY);
    expect(() => plobBits(1.1)).toThrow('transmissivity is 1.1; allowed: a number from 0 to 1');
  });

  it('carries less without feedback, and nothing once half is lost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 0.999, noNaN: true }), (eta) => {
        expect(plobBits(eta) - oneWayBits(eta)).toBeCloseTo(-Math.log2(eta), 10);
      }),
    );
    for (const eta of [0, 0.3, 0.5]) expect(oneWayBits(eta)).toBe(0);
  });
});

describe('a chain', () => {
  it('is as good as its narrowest link', () => {
    expect(chainBits([0.5, 0.1, 0.9])).toBe(plobBits(0.1));
    const { narrowest, strategyClass } = chainBound({ transmissivities: [0.5, 0.1, 0.9] });
    expect(narrowest).toBe(1);
    expect(strategyClass).toBe('any strategy with two-way classical communication');
  });

  it('takes the loss of its stations into the fibres beside them', () => {
    const stations = [
      { receive: 0.9, send: 0.8 },
      { receive: 0.7, send: 0.6 },
    ];
    const { effective, strategyClass } = chainBound({ transmissivities: [0.5, 0.4, 0.3], stations });
    for (const [k, eta] of [0.45, 0.8 * 0.4 * 0.7, 0.18].entries()) expect(effective[k]).toBeCloseTo(eta, 12);
    expect(strategyClass).toMatch(/station loss on receiving and sending$/);
    expect(() => chainBound({ transmissivities: [0.5], stations })).toThrow(
      'a chain of 1 links has 2 stations; allowed: 0',
    );
    expect(() => chainBound({ transmissivities: [] })).toThrow('a chain of 0 links');
  });

  it('with lossy stations does not fall from two stations on, and stays below one station by itself', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.999, noNaN: true }),
        fc.double({ min: 1e-12, max: 0.99, noNaN: true }),
        fc.constantFrom('one-way' as const, 'two-way' as const),
        (stationTransmissivity, eta, communication) => {
          const bits = (stations: number) =>
            evenChainBound({ transmissivity: eta, stations, stationTransmissivity, communication })
              .bitsPerUse;
          const limit = stationLimit(stationTransmissivity, communication).bitsPerUse;
          let before = 0;
          for (const stations of [2, 3, 4, 7, 20, 1000]) {
            const now = bits(stations);
            expect(now).toBeGreaterThanOrEqual(before);
            expect(now).toBeLessThanOrEqual(limit);
            before = now;
          }
        },
      ),
      { numRuns: 40 },
    );
    // Short links with lossy stations lose: the first stations need not help.
    const short = (stations: number) =>
      evenChainBound({ transmissivity: 0.9, stations, stationTransmissivity: 0.5 });
    expect(short(2).bitsPerUse).toBeLessThan(short(0).bitsPerUse);
    expect(stationLimit(0.9).bitsPerUse).toBeCloseTo(3.321928, 6);
    expect(evenStation(0.25)).toEqual({ receive: 0.5, send: 0.5 });
  });
});

describe('a network', () => {
  const link = (a: string, b: string, eta: number) => ({ ends: [a, b] as const, transmissivity: eta });
  const diamond = graphOf(
    ['alice', 'bob', 'north', 'south'],
    [
      link('alice', 'north', 0.5),
      link('north', 'bob', 0.4),
      link('alice', 'south', 0.3),
      link('south', 'bob', 0.9),
    ],
  );

  it('sends over its widest path, or over all of them up to the smallest cut', () => {
    const { singlePath, multiPath } = networkBounds(diamond, { from: 'alice', to: 'bob' });
    expect(singlePath.path!.nodes).toEqual(['alice', 'north', 'bob']);
    expect(singlePath.bitsPerUse).toBe(plobBits(0.4));
    expect(multiPath.bitsPerUse).toBeCloseTo(plobBits(0.4) + plobBits(0.3), 12);
    expect(multiPath.cut.map(({ transmissivity: eta }) => eta)).toEqual([0.4, 0.3]);
    expect(multiPath.strategyClass).toBe(
      'any strategy with two-way classical communication, all paths each round',
    );
  });

  it('loses at its stations, whichever way a link is used best', () => {
    fc.assert(
      fc.property(fraction(), fraction(), (receive, send) => {
        const stations = new Map([['north', { receive, send }]]);
        const { singlePath } = networkBounds(diamond, { from: 'alice', to: 'bob', stations });
        const north = Math.min(0.5, 0.4) * Math.max(receive, send);
        expect(singlePath.bitsPerUse).toBeCloseTo(plobBits(Math.max(north, 0.3)), 12);
      }),
    );
    const oneWay = networkBounds(diamond, { from: 'alice', to: 'bob', communication: 'one-way' });
    expect(oneWay.singlePath).toEqual({
      bitsPerUse: 0,
      strategyClass: 'any strategy with forward or no classical communication, one path a round',
    });
    expect(oneWay.multiPath.bitsPerUse).toBe(0);
  });
});
