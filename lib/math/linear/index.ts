/** Complex linear algebra on interleaved, row-major matrices. */
export { cholesky, invertHermitian, solveCholesky, solveHermitian } from './cholesky.js';
export type { LuFactors } from './lu.js';
export { determinant, inverseMatrix, luFactors, solveLinear } from './lu.js';
export type { ComplexMatrix } from './matrix.js';
export {
  addToDiagonal,
  complexMatrix,
  conjugateTranspose,
  gramMatrix,
  identityMatrix,
  matrixMultiply,
} from './matrix.js';
export type { QrFactors } from './qr.js';
export { qrFactors } from './qr.js';
export { solveLower, solveLowerTransposed, solveUpper } from './triangular.js';
