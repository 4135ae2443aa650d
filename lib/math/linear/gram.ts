import { InputError, type Kernel, loadKernel } from '../../base/index.js';
import { wasm } from '../kernels/gram.wasm.js';
import { type ComplexMatrix, complexMatrix, conjugateTranspose, sizeOf } from './matrix.js';

interface Functions {
  addRowGram(a: number, rows: number, width: number, out: number): void;
  addRealRowGram(a: number, rows: number, width: number, out: number): void;
  addRowProducts(a: number, rows: number, b: number, columns: number, width: number, out: number): void;
}

/** Rows that the kernel's memory is made for. */
const KERNEL_ROWS = 512;
/** Complex values of a stretch of columns, which stays in the cache near the core. */
const STRETCH = 2 ** 14;
/** Products below which the way to the kernel costs more than it saves. */
const KERNEL_PRODUCTS = 4096;

/** Addresses. The first kilobyte stays free for the compiler's own. */
const OUT = 1024;
const ROWS = OUT + 16 * KERNEL_ROWS ** 2;
const END = ROWS + 16 * (STRETCH + 2 * KERNEL_ROWS);

let loaded: Kernel<Functions> | undefined;

const worthwhile = (n: number, length: number) => n <= KERNEL_ROWS && n * n * length >= KERNEL_PRODUCTS;

/** The Gram matrix A^H A, Hermitian to the last bit. */
export function gramMatrix(a: ComplexMatrix): ComplexMatrix {
  const { rows, columns: n, data } = a;
  if (worthwhile(n, rows)) return kernelRowGram(conjugateTranspose(a));
  const out = complexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < rows; k++) {
        const [p, q] = [2 * (k * n + i), 2 * (k * n + j)];
        const [pr, pi, qr, qi] = [data[p]!, data[p + 1]!, data[q]!, data[q + 1]!];
        re += pr * qr + pi * qi;
        im += pr * qi - pi * qr;
      }
      setHermitian(out, i, j, re, im);
    }
  }
  return out;
}

/**
 * The Gram matrix of the rows, A A^H, Hermitian to the last bit: for snapshots in the columns their covariance times
 * their number.
 */
export const rowGramMatrix = (a: ComplexMatrix): ComplexMatrix =>
  worthwhile(a.rows, a.columns) ? kernelRowGram(a) : plainRowGram(a);

/** `rowGramMatrix` in plain loops, for few values and for more than 512 rows. */
export function plainRowGram({ rows: n, columns, data }: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(n, n);
  const width = 2 * columns;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < width; k += 2) {
        const pr = data[i * width + k]!;
        const pi = data[i * width + k + 1]!;
        const qr = data[j * width + k]!;
        const qi = data[j * width + k + 1]!;
        re += pr * qr + pi * qi;
        im += pi * qr - pr * qi;
      }
      setHermitian(out, i, j, re, im);
    }
  }
  return out;
}

/**
 * Products of the rows of two matrices, A B^H.
 * @throws InputError unless both have equally many columns.
 */
export function rowProducts(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  if (a.columns !== b.columns) {
    throw new InputError(
      `products of the rows of ${sizeOf(a)} and ${sizeOf(b)} matrices; allowed: equally many columns`,
    );
  }
  const even = b.rows + (b.rows % 2);
  const products = a.rows * b.rows * a.columns;
  const fits = (even + 2) * a.columns <= STRETCH && even <= KERNEL_ROWS;
  return fits && products >= KERNEL_PRODUCTS ? kernelRowProducts(a, b) : plainRowProducts(a, b);
}

/** `rowProducts` in plain loops, for few values and for many rows in B. */
export function plainRowProducts(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(a.rows, b.rows);
  const width = 2 * a.columns;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < width; k += 2) {
        const pr = a.data[i * width + k]!;
        const pi = a.data[i * width + k + 1]!;
        const qr = b.data[j * width + k]!;
        const qi = b.data[j * width + k + 1]!;
        re += pr * qr + pi * qi;
        im += pi * qr - pr * qi;
      }
      out.data[2 * (i * b.rows + j)] = re;
      out.data[2 * (i * b.rows + j) + 1] = im;
    }
  }
  return out;
}

/** All of B stays in the kernel's memory, beside some rows of A at a time. */
function kernelRowProducts(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  loaded ??= loadKernel<Functions>(wasm, END);
  const { memory, functions } = loaded;
  const even = b.rows + (b.rows % 2);
  const width = 2 * a.columns;
  const heap = new Float64Array(memory.buffer, ROWS, 2 * (STRETCH + 2 * KERNEL_ROWS));
  heap.set(b.data);
  heap.fill(0, b.data.length, even * width);
  const rowsOfA = heap.subarray(even * width);
  const most = Math.floor(Math.min(STRETCH / a.columns - even, KERNEL_ROWS ** 2 / even) / 2) * 2;
  const out = complexMatrix(a.rows, b.rows);
  for (let from = 0; from < a.rows; from += most) {
    const count = Math.min(most, a.rows - from);
    const padded = count + (count % 2);
    rowsOfA.set(a.data.subarray(from * width, (from + count) * width));
    rowsOfA.fill(0, count * width, padded * width);
    const sums = new Float64Array(memory.buffer, OUT, 2 * padded * even).fill(0);
    functions.addRowProducts(ROWS + 8 * even * width, padded, ROWS, even, 8 * width, OUT);
    for (let i = 0; i < count; i++)
      out.data.set(sums.subarray(2 * i * even, 2 * (i * even + b.rows)), 2 * (from + i) * b.rows);
  }
  return out;
}

/**
 * The real part of the Gram matrix of the rows, Re(A A^H), which costs half of it: symmetric, its imaginary parts 0.
 */
export function realRowGram(a: ComplexMatrix): ComplexMatrix {
  const { rows: n, columns } = a;
  const out = worthwhile(n, columns) ? complexMatrix(n, n) : plainRowGram(a);
  if (!worthwhile(n, columns)) {
    for (let at = 1; at < out.data.length; at += 2) out.data[at] = 0;
    return out;
  }
  const { sums, even } = kernelSums(a, 1, ({ addRealRowGram }) => addRealRowGram);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) setHermitian(out, i, j, sums[i * even + j]!, 0);
  }
  return out;
}

function kernelRowGram(a: ComplexMatrix): ComplexMatrix {
  const n = a.rows;
  const { sums, even } = kernelSums(a, 2, ({ addRowGram }) => addRowGram);
  const out = complexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++)
      setHermitian(out, i, j, sums[2 * (i * even + j)]!, sums[2 * (i * even + j) + 1]!);
  }
  return out;
}

/** What a Gram function of the kernel adds up over all stretches of columns, `parts` numbers an entry. */
function kernelSums(
  { rows: n, columns, data }: ComplexMatrix,
  parts: number,
  pick: (functions: Functions) => Functions['addRowGram'],
): { sums: Float64Array; even: number } {
  loaded ??= loadKernel<Functions>(wasm, END);
  const { memory, functions } = loaded;
  const even = n + (n % 2);
  const sums = new Float64Array(memory.buffer, OUT, parts * even * even).fill(0);
  const stretch = Math.min(columns, Math.max(2, Math.floor(STRETCH / even)));
  for (let from = 0; from < columns; from += stretch) {
    const count = Math.min(stretch, columns - from);
    const rows = new Float64Array(memory.buffer, ROWS, 2 * even * count);
    for (let i = 0; i < n; i++) {
      const start = 2 * (i * columns + from);
      rows.set(data.subarray(start, start + 2 * count), 2 * i * count);
    }
    rows.fill(0, 2 * n * count);
    pick(functions)(ROWS, even, 16 * count, OUT);
  }
  return { sums, even };
}

function setHermitian(
  { columns: n, data }: ComplexMatrix,
  i: number,
  j: number,
  re: number,
  im: number,
): void {
  data[2 * (i * n + j)] = data[2 * (j * n + i)] = re;
  data[2 * (j * n + i) + 1] = -im;
  data[2 * (i * n + j) + 1] = i === j ? 0 : im;
}
