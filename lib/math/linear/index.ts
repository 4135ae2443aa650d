/** Complex linear algebra on interleaved, row-major matrices. */
export { cholesky, invertHermitian, solveCholesky, solveHermitian } from './cholesky.js';
export type { GeneralEigen } from './eigen/general.js';
export { generalEigen } from './eigen/general.js';
export type { HermitianEigen } from './eigen/hermitian.js';
export { hermitianEigen } from './eigen/hermitian.js';
export { gramMatrix, realRowGram, rowGramMatrix, rowProducts } from './gram.js';
export type { LeastSquares } from './least-squares.js';
export { leastSquares } from './least-squares.js';
export type { LuFactors } from './lu.js';
export { determinant, inverseMatrix, luFactors, solveLinear } from './lu.js';
export type { ComplexMatrix } from './matrix.js';
export {
  addToDiagonal,
  columnOf,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
} from './matrix.js';
export { khatriRao, kroneckerProduct, kroneckerVectors } from './products.js';
export type { QrFactors } from './qr.js';
export { qrFactors } from './qr.js';
export type { DominantSubspace } from './subspace.js';
export { dominantSubspace } from './subspace.js';
export type { SingularValues } from './svd.js';
export { complexSvd, pseudoInverse } from './svd.js';
export { solveLower, solveLowerTransposed, solveUpper } from './triangular.js';
