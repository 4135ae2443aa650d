import { idealKeySource, keyedScramble, SCRAMBLES, type ScrambleKind } from 'semwave/link';
import { mean, meanPower, Rng } from 'semwave/math';
import { flatPicture } from 'semwave/source';
import { describe, expect, it } from 'vitest';
import { type Heard, learnColour, matchSymbols, projectSymbols } from './eavesdropper.js';

const keys = idealKeySource({ secretBitsPerSec: 1e6, rng: Rng.of('key') });
const uses = 400;

/** Codewords of which one value in eight is far larger than the rest and tells the brightness, as in a picture codec. */
function codeword(brightness: number, rng: Rng): Float32Array {
  const values = rng.fillNormal(new Float32Array(2 * uses));
  for (let i = 0; i < values.length; i += 8) values[i] = values[i]! * 2 + 8 * brightness;
  const scale = 1 / Math.sqrt(meanPower(values));
  return values.map((value) => scale * value);
}

function heardOf(sent: Float32Array, kind: ScrambleKind, number: number): Heard {
  const symbols = keyedScramble(kind, keys.take(0, 256).bits, number, uses).apply(sent);
  return { sent, side: 1, reception: { symbols, noiseVariance: Float32Array.of(1e-3) } };
}

/** Share of the energy of a codeword that a guess explains. */
const explainedBy = (guess: Float32Array, word: Float32Array) =>
  1 - meanPower(guess.map((value, i) => value - word[i]!)) / meanPower(word);

describe('an eavesdropper', () => {
  it('reads the brightness of permuted codewords, and nothing of rotated ones', () => {
    const brightnesses = Array.from({ length: 200 }, (_, i) => Rng.of('light').fork(i).uniform(-1, 1));
    const pictures = brightnesses.map((light) => flatPicture(8, 8, [0.5 + light / 3, 0.5, 0.5]));
    const explained = (kind: ScrambleKind) => {
      const heard = brightnesses.map(
        (light, i) => heardOf(codeword(light, Rng.of('word').fork(i)), kind, i).reception.symbols,
      );
      const guess = learnColour(heard.slice(0, 150), pictures.slice(0, 150));
      const errors = heard
        .slice(150)
        .map((symbols, i) => (guess(symbols)[0] - 0.5) * 3 - brightnesses[150 + i]!);
      const spread = mean(brightnesses.slice(150).map((light) => light ** 2));
      return 1 - mean(errors.map((error) => error ** 2)) / spread;
    };
    expect(explained('permutation')).toBeGreaterThan(0.8);
    expect(explained('rotation')).toBeLessThan(0.1);
  });

  it.each(SCRAMBLES)(
    'who knows codewords under a repeated %s reads the next, but no numbered one',
    (kind) => {
      const words = [0, 1, 2, 3].map((i) => codeword(0.3, Rng.of('known').fork(i)));
      for (const numbered of [false, true]) {
        const heard = words.map((word, i) => heardOf(word, kind, numbered ? i : 0));
        const known = heard.slice(0, 3);
        const unscramble =
          kind === 'rotation' ? projectSymbols(known) : matchSymbols(known, kind === 'signed permutation');
        const found = explainedBy(unscramble(heard[3]!.reception.symbols), words[3]!);
        // A rotation tells the share that lies along the known codewords.
        if (numbered) expect(found).toBeLessThan(0.05);
        else expect(found).toBeGreaterThan(kind === 'rotation' ? 0.2 : 0.99);
      }
    },
  );
});
