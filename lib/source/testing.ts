// Pictures for the tests, by formula.
import type { Picture } from './picture.js';

/** Ramps and a hashed texture in [0, 1]; integers inside, so another language can compute the very same. */
export function formulaPicture(width: number, height: number, name = 'formula'): Picture {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const smooth = (3 * x + 5 * y + 40 * c) % 256;
    const ramp = smooth < 128 ? smooth : 255 - smooth;
    data[i] = (ramp + ((x * x * 7 + y * y * 13 + x * y * 3 + c * 29) % 61)) / 188;
  }
  return { name, width, height, data };
}

/** The same picture with each value changed: `change(value, x, y, channel)`, in single precision. */
export function changed(
  picture: Picture,
  change: (value: number, x: number, y: number, channel: number) => number,
): Picture {
  const { width } = picture;
  const data = picture.data.map((value, i) =>
    change(value, Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
  );
  return { ...picture, name: 'changed', data };
}

/** The message of what `act` throws; fails loudly when nothing is thrown. */
export async function messageOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error('expected an error');
}
