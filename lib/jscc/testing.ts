// Pictures and helpers for the tests.
import { InputError } from '../base/index.js';
import { Rng } from '../math/index.js';
import { crop, type Picture, photographs } from '../source/index.js';

/** A natural-looking picture by formula: smooth waves and a little noise, all values well inside (0, 1). */
export function wavyPicture(width: number, height: number, name = 'waves'): Picture {
  const rng = Rng.of('waves').fork(name);
  const data = new Float32Array(width * height * 3);
  const waves = Array.from({ length: 6 }, () => ({
    x: rng.normal(0, 0.25),
    y: rng.normal(0, 0.25),
    phase: rng.uniform(0, 6),
    tints: [rng.normal(0, 0.04), rng.normal(0, 0.04), rng.normal(0, 0.04)],
  }));
  for (let i = 0; i < data.length; i++) {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    let value = 0.5 + rng.normal(0, 0.02);
    for (const wave of waves) value += wave.tints[c]! * Math.sin(wave.x * x + wave.y * y + wave.phase);
    data[i] = value;
  }
  return { name, width, height, data };
}

/** The middle square of each photograph to train on. */
export async function trainingCrops(side: number): Promise<Picture[]> {
  return (await photographs.training()).map((picture) => middle(picture, side));
}

/** The middle square of each held-out photograph. */
export async function heldOutCrops(side: number): Promise<Picture[]> {
  return (await photographs.heldOut()).map((picture) => middle(picture, side));
}

function middle(picture: Picture, side: number): Picture {
  return crop(picture, (picture.width - side) >> 1, (picture.height - side) >> 1, side, side);
}

/** The largest difference of two arrays; infinite when their lengths differ or a value is no number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** The message of the InputError that `act` throws; it must be one line. Anything else fails. */
export async function inputErrorOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.message.includes('\n')) throw new Error(`not one line: ${error.message}`);
    return error.message;
  }
  throw new Error('expected an InputError');
}
