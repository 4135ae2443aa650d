import { InputError } from '../base/index.js';

const floatView = new Float32Array(1);
const bitView = new Uint32Array(floatView.buffer);

/** The IEEE 754 half-precision bits nearest to `value` (ties to even); infinite beyond ±65504. */
export function toFloat16(value: number): number {
  floatView[0] = value;
  const bits = bitView[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 0x477ff000 is 65520, halfway between the largest half and the next power of two: from there it is infinite.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundEven(Math.abs(floatView[0]!) * 2 ** 24);
  const rebased = magnitude - (112 << 23);
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

/** Rounds to the nearest integer, a half to the even one. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The number that half-precision bits stand for. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Packs values as half precision.
 * @throws InputError when a finite value would become infinite.
 */
export function packFloat16(values: Float32Array, name: string): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const half = toFloat16(value);
    if ((half & 0x7fff) === 0x7c00 && Number.isFinite(value)) {
      throw new InputError(`tensor ${name} holds ${value}; float16 storage allows magnitudes up to 65504`);
    }
    return half;
  });
}
