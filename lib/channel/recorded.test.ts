import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NpyArray } from '../base/index.js';
import { Rng } from '../math/index.js';
import { frequencyResponse, ofdm } from './ofdm.js';
import { fromSionna, readImpulseResponses, recorded } from './recorded.js';

const folder = mkdtempSync(join(tmpdir(), 'cir-'));
const path = join(folder, 'cir.npz');
const golden = JSON.parse(readFileSync(new URL('../base/npy.golden.json', import.meta.url), 'utf8')) as {
  deflated: string;
};
writeFileSync(path, Buffer.from(golden.deflated, 'base64'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const array = (shape: number[], values: number[], complex: boolean): NpyArray => ({
  shape,
  complex,
  values: Float64Array.from(values),
});

describe('recorded impulse responses', () => {
  it("come from an archive in Sionna's layout, receive antennas behind the links", () => {
    const { shape, delaysSec, gains } = readImpulseResponses({ npz: path });
    expect(shape).toEqual({ links: 2, receive: 2, transmit: 1, paths: 2, times: 1 });
    // The padded path of the second transmitter has delay -1 and no gain.
    expect(Array.from(delaysSec)).toEqual([0, 1e-7, 2e-7, 0]);
    expect(Array.from(gains)).toEqual([0, 0.5, 1, 0.5, 4, 0.5, 5, 0.5, 2, 0.5, 0, 0, 6, 0.5, 0, 0]);
  });

  it('are a model that OFDM runs over', () => {
    const gains = array([2, 1, 1, 1, 1, 1, 1], [1, 0, 0, 2], true);
    const responses = fromSionna(gains, array([2, 1, 1, 1], [0, 1e-6], false), 'x');
    const channel = ofdm(recorded(responses, { name: 'town' }), {
      subcarriers: 4,
      subcarrierSpacingHz: 1e5,
      normalize: false,
      snrDb: 10,
    });
    const draw = channel.sample(Rng.of(0), { codewords: 40, uses: 8 });
    expect(channel.name).toBe('ofdm-town');
    const response = frequencyResponse(responses, {
      subcarriers: 4,
      subcarrierSpacingHz: 1e5,
      normalize: false,
    });
    let first = 0;
    for (let codeword = 0; codeword < 40; codeword++) {
      const own = Array.from(draw.gains.subarray(16 * codeword, 16 * (codeword + 1)));
      const isFirst = own[0] === 1;
      const expected = Array.from(response.subarray(isFirst ? 0 : 8, isFirst ? 8 : 16));
      expect(own).toEqual([...expected, ...expected]);
      if (isFirst) first++;
    }
    expect(first).toBeGreaterThan(8);
    expect(first).toBeLessThan(32);
  });

  it('refuse shapes and values that do not fit, in one line', () => {
    const gains = array([1, 1, 1, 1, 1, 1], [1, 0], true);
    const wrong = (a: NpyArray, tau: NpyArray, message: string) =>
      expect(() => fromSionna(a, tau, 'x')).toThrow(message);
    wrong(
      gains,
      array([1, 1, 2], [0, 0], false),
      'x: gains of shape (1, 1, 1, 1, 1, 1) and delays of shape (1, 1, 2)',
    );
    wrong(array([1, 1, 1], [1, 0], true), array([1, 1, 1], [0], false), 'allowed: complex [batch, rx');
    wrong(array([1, 1, 1, 1, 1, 1], [1], false), array([1, 1, 1], [0], false), 'allowed: complex');
    wrong(
      array([1, 1, 1, 1, 0, 1], [], true),
      array([1, 1, 0], [], false),
      'gains of shape (1, 1, 1, 1, 0, 1)',
    );
    wrong(gains, array([1, 1, 1], [Number.NaN], false), 'x: delays hold NaN');
    wrong(
      array([1, 1, 1, 1, 1, 1], [Number.POSITIVE_INFINITY, 0], true),
      array([1, 1, 1], [0], false),
      'Infinity',
    );
    wrong(gains, array([1, 1, 1], [-1], false), 'x: delay -1 of a path with gain');
    const moving = array([1, 1, 1, 1, 1, 3], [1, 0, 1, 0, 1, 0], true);
    const model = recorded(fromSionna(moving, array([1, 1, 1], [0], false), 'x'), { name: 'town' });
    expect(model.draw(Rng.of(0), { links: 1, times: 2, periodSec: 1 }).gains).toHaveLength(4);
    expect(() => model.draw(Rng.of(0), { links: 1, times: 4, periodSec: 1 })).toThrow(
      '4 moments of town; allowed: 3',
    );
  });
});
