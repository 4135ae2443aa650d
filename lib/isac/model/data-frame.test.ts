import { describe, expect, it } from 'vitest';
import { meanPower, Rng } from '../../math/index.js';
import { constellation, countBitErrors, ldpcCode, randomBits } from '../../phy/index.js';
import {
  decodeFrame,
  divisionError,
  divisionLoss,
  type FrameSetup,
  frameBits,
  frameEcho,
  frameSymbols,
  noiseless,
  removeSymbols,
} from './index.js';

const setup: FrameSetup = { constellation: constellation('qam', 16), subcarriers: 24, symbols: 14 };
const coded: FrameSetup = { ...setup, code: ldpcCode({ k: 300, n: 600 }) };
const channel = noiseless(
  [
    { mu: [0.4, -0.9, 0.2], gains: Float64Array.of(0.8, 0.3) },
    { mu: [-1, -0.3, -0.5], gains: Float64Array.of(-0.2, 0.4) },
  ],
  { shape: [4, 24, 14] },
);

function received(sent: Float64Array, noiseVariance: number, rng: Rng) {
  const echo = frameEcho(channel, sent);
  const noise = rng.fillComplexNormal(new Float64Array(echo.data.length), noiseVariance);
  return { ...echo, data: echo.data.map((value, at) => value + noise[at]!) };
}

describe('echo of a frame that carries data', () => {
  it('is the channel again after dividing by what was sent', () => {
    const sent = frameSymbols(setup, randomBits(Rng.of(1), frameBits(setup)));
    const back = removeSymbols(frameEcho(channel, sent), sent);
    for (const [at, value] of back.data.entries()) expect(value).toBeCloseTo(channel.data[at]!, 12);
  });

  it('raises the noise by E 1/|x|^2 when divided, and keeps it when matched', () => {
    const sent = frameSymbols(setup, randomBits(Rng.of(2), frameBits(setup)));
    const empty = { ...channel, data: new Float64Array(channel.data.length) };
    const noise = Rng.of(3).fillComplexNormal(empty.data.slice(), 1);
    const noiseAfter = (method: 'divide' | 'matched') =>
      meanPower(removeSymbols({ ...empty, data: noise }, sent, method).data);
    // 1344 samples: a standard error of some 4 %.
    expect(Math.abs(noiseAfter('divide') / divisionLoss(setup.constellation) - 1)).toBeLessThan(0.12);
    expect(Math.abs(noiseAfter('matched') - 1)).toBeLessThan(0.12);
    expect(divisionLoss(setup.constellation)).toBeCloseTo(17 / 9, 12);
  });

  it('decodes, and then divides by exactly what was sent', () => {
    const bits = randomBits(Rng.of(4), frameBits(coded));
    const sent = frameSymbols(coded, bits);
    const decoded = decodeFrame(coded, received(sent, 0.3, Rng.of(5)), channel, 0.3);
    expect(decoded.bits).toEqual(bits);
    expect(divisionError(sent, decoded.symbols)).toEqual({
      wrong: 0,
      coherentPower: expect.closeTo(1, 12),
      selfNoise: expect.closeTo(0, 12),
    });
  });

  it('loses coherence and gains self-noise where decoding fails', () => {
    const bits = randomBits(Rng.of(6), frameBits(setup));
    const sent = frameSymbols(setup, bits);
    const decoded = decodeFrame(setup, received(sent, 2, Rng.of(7)), channel, 2);
    const loss = divisionError(sent, decoded.symbols);
    expect(countBitErrors(bits, decoded.bits)).toBeGreaterThan(0);
    expect(loss.wrong).toBeGreaterThan(0.1);
    expect(loss.coherentPower).toBeLessThan(1);
    expect(loss.selfNoise).toBeGreaterThan(0.01);
    const clean = removeSymbols(frameEcho(channel, sent), decoded.symbols);
    const wrong = meanPower(clean.data.map((value, at) => value - channel.data[at]!));
    expect(wrong).toBeGreaterThan(0.01 * meanPower(channel.data));
  });

  it('refuses what does not fit', () => {
    expect(() => frameSymbols(setup, new Uint8Array(3))).toThrow('3 bits for a frame; allowed: 1344');
    expect(() => frameBits({ ...coded, symbols: 1 })).toThrow('code of 600 bits');
    expect(() => frameEcho(channel, new Float64Array(4))).toThrow('2 symbols for an observation');
    expect(() => removeSymbols(channel, new Float64Array(2 * 24 * 14))).toThrow('known symbol is 0');
  });
});
