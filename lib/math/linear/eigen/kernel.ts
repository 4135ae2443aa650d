import { type Kernel, loadKernel } from '../../../base/index.js';
import { wasm } from '../../kernels/hermitian.wasm.js';
import { type Tridiagonal, withoutPhases } from './tridiagonal.js';
import type { EigenWorkspace } from './workspace.js';

interface Functions {
  makeReflection(re: number, im: number, i: number, below: number): number;
  reflectBlock(
    re: number,
    im: number,
    stride: number,
    i: number,
    vr: number,
    vi: number,
    wr: number,
    wi: number,
  ): void;
  rotateRows(
    rows: number,
    stride: number,
    width: number,
    first: number,
    last: number,
    cosines: number,
    sines: number,
  ): void;
  applyPhases(zr: number, zi: number, stride: number, width: number, n: number, pr: number, pi: number): void;
  backTransform(re: number, im: number, zr: number, zi: number, stride: number, n: number): void;
}

/** The largest side the kernel is used for: 34 MB of memory. */
export const KERNEL_SIDE = 1024;

/** A kernel's memory cannot grow (see `loadKernel`), so there is one for matrices up to each of these sides. */
const CAPACITIES = [64, 256, KERNEL_SIDE];
const kernels = new Map<number, Kernel<Functions>>();

/** Values between rows: whole cache lines, an odd number of them, so that neighbouring rows do not share a set. */
const strideOf = (n: number) => 8 * (Math.ceil(n / 8) | 1);

function kernelFor(n: number): Kernel<Functions> {
  const capacity = CAPACITIES.find((side) => n <= side)!;
  let kernel = kernels.get(capacity);
  if (!kernel) {
    kernel = loadKernel<Functions>(wasm, memoryMap(capacity).end);
    kernels.set(capacity, kernel);
  }
  return kernel;
}

/** Addresses of what a workspace holds. The first kilobyte stays free for the compiler's own. */
function memoryMap(n: number) {
  const row = 8 * strideOf(n);
  const square = (n + 1) * row;
  const re = 1024;
  const vector = re + 4 * square;
  return {
    row,
    re,
    im: re + square,
    zr: re + 2 * square,
    zi: re + 3 * square,
    vectors: [vector, vector + row, vector + 2 * row] as const,
    end: vector + 3 * row,
  };
}

/**
 * In a SIMD WebAssembly kernel; its plain twin is `plainWorkspace`. It is valid until the next one is asked for.
 * @param n 1 to `KERNEL_SIDE`
 */
export function kernelWorkspace(n: number): EigenWorkspace {
  const { memory, functions } = kernelFor(n);
  const map = memoryMap(n);
  const { row, vectors } = map;
  const width = 32 * Math.ceil(n / 4);
  const at = (address: number, length: number) => new Float64Array(memory.buffer, address, length);
  const stride = row / 8;
  const [re, im, zr, zi] = [map.re, map.im, map.zr, map.zi].map((address) =>
    at(address, (n + 1) * stride),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  zr.fill(0);
  zi.fill(0);
  for (let k = 0; k < n; k++) zr[k * stride + k] = 1;
  const sweep = { first: 0, last: 0, cos: at(vectors[0], n), sin: at(vectors[1], n) };
  return {
    stride,
    re,
    im,
    zr,
    zi,
    sweep,
    tridiagonalise: () => tridiagonalise(functions, map, n, re, at(vectors[2], 2)),
    rotate: () => functions.rotateRows(map.zr, row, width, sweep.first, sweep.last, vectors[0], vectors[1]),
    backTransform({ phaseRe, phaseIm }) {
      at(vectors[0], stride).fill(0).set(phaseRe);
      at(vectors[1], stride).fill(0).set(phaseIm);
      functions.applyPhases(map.zr, map.zi, row, width, n, vectors[0], vectors[1]);
      functions.backTransform(map.re, map.im, map.zr, map.zi, row, n);
    },
  };
}

function tridiagonalise(
  functions: Functions,
  { row, re, im, vectors }: ReturnType<typeof memoryMap>,
  n: number,
  matrix: Float64Array,
  entry: Float64Array,
): Tridiagonal {
  const diagonal = new Float64Array(n);
  const below = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let i = n - 1; i > 0; i--) {
    const [vr, vi] = [re + i * row, im + i * row];
    diagonal[i] = matrix[(i * row) / 8 + i]!;
    if (functions.makeReflection(vr, vi, i, vectors[2])) {
      functions.reflectBlock(re, im, row, i, vr, vi, vectors[0], vectors[1]);
    }
    below.re[i] = entry[0]!;
    below.im[i] = entry[1]!;
  }
  diagonal[0] = matrix[0]!;
  return withoutPhases(diagonal, below);
}
