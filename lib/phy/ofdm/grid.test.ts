import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { goldSequence } from '../gold.js';
import { combPilots, dataOf, dmrsPilots, kroneckerPilots, placeOnGrid, resourceGrid } from './index.js';

const energies = (values: Float64Array) =>
  Array.from({ length: values.length / 2 }, (_, k) => values[2 * k]! ** 2 + values[2 * k + 1]! ** 2);
/** Signs of re and im: '+-'. */
const signs = (values: Float64Array, pilot: number) =>
  [0, 1].map((part) => (values[2 * pilot + part]! > 0 ? '+' : '-')).join('');

describe('resourceGrid', () => {
  it('orders used subcarriers from the lowest frequency and leaves guards and DC out', () => {
    const grid = resourceGrid({ fftSize: 8, symbols: 1, cpLength: 2, guards: [2, 1], dcNull: true });
    expect(Array.from(grid.bins)).toEqual([6, 7, 1, 2]);
    expect(Array.from(resourceGrid({ fftSize: 5, symbols: 1, cpLength: 0 }).bins)).toEqual([3, 4, 0, 1, 2]);
  });

  it('gives back the data that were placed, whatever the pilots', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 3, max: 8 }),
        fc.integer(),
        (fftSize, streams, spacing, seed) => {
          const pilots = combPilots({ symbols: [0, 3], spacing, offset: seed & 1, seed });
          const grid = resourceGrid({ fftSize, symbols: 5, cpLength: 0, streams, pilots, dcNull: true });
          const data = Rng.of(seed).fillComplexNormal(new Float32Array(2 * grid.dataIndices.length));
          const placed = Array.from({ length: streams }, (_, stream) => placeOnGrid(grid, data, stream));
          for (const resources of placed) expect(dataOf(grid, resources)).toEqual(data);
          for (const [stream, { indices, values }] of grid.pilots.entries()) {
            indices.forEach((index, place) => {
              expect(placed[stream]![2 * index]).toBe(values[2 * place]);
              for (let other = 0; other < streams; other++) {
                if (other !== stream) expect(placed[other]![2 * index]).toBe(0);
              }
            });
          }
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it('takes real numbers of the data elements too', () => {
    const grid = resourceGrid({
      fftSize: 2,
      symbols: 2,
      cpLength: 0,
      pilots: kroneckerPilots({ symbols: [0] }),
    });
    expect(dataOf(grid, Float64Array.of(1, 2, 3, 4))).toEqual(Float32Array.of(3, 4));
  });

  it('refuses what does not fit', () => {
    const make = { fftSize: 8, symbols: 2, cpLength: 2 };
    expect(() => resourceGrid({ ...make, fftSize: 1 })).toThrow('fftSize is 1');
    expect(() => resourceGrid({ ...make, cpLength: 9 })).toThrow('cpLength is 9');
    expect(() => resourceGrid({ ...make, symbols: 0 })).toThrow('symbols is 0');
    expect(() => resourceGrid({ ...make, guards: [4, 4] })).toThrow('at least one used');
    expect(() => resourceGrid({ ...make, pilots: kroneckerPilots({ symbols: [2] }) })).toThrow(
      'pilot symbol is 2',
    );
    const crowded = combPilots({ symbols: [0], spacing: 2 });
    expect(() => resourceGrid({ ...make, streams: 3, pilots: crowded })).toThrow('pilot spacing is 2');
    expect(() => combPilots({ symbols: [0], spacing: 2, offset: 2 })).toThrow('pilot offset is 2');
    const twice = kroneckerPilots({ symbols: [0, 0] });
    expect(() => resourceGrid({ ...make, pilots: twice })).toThrow('ascending');
    const grid = resourceGrid(make);
    expect(() => placeOnGrid(grid, new Float32Array(4))).toThrow('2 data symbols for a grid of 16');
    expect(() => placeOnGrid(grid, new Float32Array(32), 1)).toThrow('stream is 1');
    expect(() => dataOf(grid, new Float32Array(5))).toThrow('5 numbers for 16');
  });
});

describe('pilots', () => {
  it('Kronecker: streams take turns over the subcarriers of whole symbols', () => {
    const pilots = kroneckerPilots({ symbols: [1], energy: 2 });
    const grid = resourceGrid({ fftSize: 6, symbols: 3, cpLength: 0, streams: 2, pilots });
    expect(Array.from(grid.pilots[0]!.indices)).toEqual([6, 8, 10]);
    expect(Array.from(grid.pilots[1]!.indices)).toEqual([7, 9, 11]);
    expect(grid.dataIndices).toHaveLength(12);
    for (const energy of energies(grid.pilots[0]!.values)) expect(energy).toBeCloseTo(2, 12);
  });

  it('the Gold sequence is linear in its second register and balanced', () => {
    const [zero, a, b, both] = [0, 0x1234567, 0x7654321, 0x1234567 ^ 0x7654321].map((initial) =>
      goldSequence(initial, 20_000),
    );
    const sum = a!.map((bit, n) => bit ^ b![n]! ^ zero![n]!);
    expect(sum).toEqual(both);
    const ones = a!.reduce((count, bit) => count + bit, 0);
    expect(Math.abs(ones - 10_000)).toBeLessThan(4 * Math.sqrt(5000));
    expect(() => goldSequence(2 ** 31, 1)).toThrow('c_init');
  });

  // MATLAB's documentation of nrPDSCHPTRS (default carrier and PDSCH): the phase tracking signal repeats r(n) of the
  // reference signal at subcarrier 6 of every fourth resource block from the second on, which is n = 6 block + 3.
  it('has the sequence of the NR reference signal that MATLAB prints', () => {
    const grid = resourceGrid({ fftSize: 52 * 12, symbols: 14, cpLength: 0, pilots: dmrsPilots() });
    const values = grid.pilots[0]!.values;
    const found = [1, 5, 9, 13, 17, 21, 25, 29, 33, 37].map((block) => signs(values, 6 * block + 3));
    expect(found.join(' ')).toBe('-- -- +- +- +- -- -+ -- -+ ++');
    // nrPUSCHDMRS of its documentation: NIDNSCID 10, NSCID 1, port 2: the first three.
    const options = { identity: 10, scramblingSelector: 1, additionalPositions: 1 } as const;
    const second = resourceGrid({
      fftSize: 624,
      symbols: 14,
      cpLength: 0,
      streams: 2,
      pilots: dmrsPilots(options),
    });
    expect([0, 1, 2].map((n) => signs(second.pilots[1]!.values, n))).toEqual(['--', '+-', '-+']);
    expect(second.pilots[1]!.indices).toHaveLength(624);
  });

  it('DMRS: places of types 1 and 2, all groups free of data, energy of the silent groups', () => {
    const one = resourceGrid({
      fftSize: 12,
      symbols: 14,
      cpLength: 0,
      pilots: dmrsPilots({ additionalPositions: 2 }),
    });
    expect(Array.from(one.pilots[0]!.indices, (index) => index % 12).slice(0, 6)).toEqual([
      0, 2, 4, 6, 8, 10,
    ]);
    expect([...new Set(Array.from(one.pilots[0]!.indices, (index) => Math.floor(index / 12)))]).toEqual([
      2, 7, 11,
    ]);
    expect(one.dataIndices).toHaveLength(11 * 12);
    expect(energies(one.pilots[0]!.values)[0]).toBeCloseTo(2, 12);
    const pilots = dmrsPilots({ configuration: 2, firstSymbol: 3 });
    const two = resourceGrid({ fftSize: 12, symbols: 14, cpLength: 0, streams: 3, pilots });
    expect(Array.from(two.pilots[2]!.indices, (index) => index - 36)).toEqual([4, 5, 10, 11]);
    expect(energies(two.pilots[2]!.values)[0]).toBeCloseTo(3, 12);
    expect(two.dataIndices).toHaveLength(13 * 12);
  });

  it('DMRS refuses options out of range', () => {
    expect(() => dmrsPilots({ additionalPositions: 4 })).toThrow('additionalPositions is 4');
    expect(() => dmrsPilots({ firstSymbol: 3, additionalPositions: 3 })).toThrow('after symbol 3');
    expect(() => dmrsPilots({ identity: -1 })).toThrow('identity is -1');
    const pilots = dmrsPilots();
    expect(() => resourceGrid({ fftSize: 12, symbols: 12, cpLength: 0, pilots })).toThrow('over 12 symbols');
    expect(() => resourceGrid({ fftSize: 12, symbols: 14, cpLength: 0, streams: 3, pilots })).toThrow(
      '3 streams',
    );
  });
});
