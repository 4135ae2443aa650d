/** Random streams, complex arrays, FFT, linear algebra, tensors, assignment and statistics on typed arrays. */
export type { Assignment } from './assignment.js';
export { optimalAssignment } from './assignment.js';
export { besselI0, besselI0m1, besselJ0 } from './bessel.js';
export {
  complexAdd,
  complexDivide,
  complexFromParts,
  complexLength,
  complexMultiply,
  complexScale,
  complexSubtract,
  conjugate,
  innerProduct,
  magnitude,
  meanPower,
  phase,
  power,
} from './complex.js';
export type { SymmetricEigen } from './eigen.js';
export { symmetricEigen } from './eigen.js';
export { fft, ifft } from './fft.js';
export type {
  ComplexMatrix,
  DominantSubspace,
  GeneralEigen,
  HermitianEigen,
  LeastSquares,
  LuFactors,
  QrFactors,
  SingularValues,
} from './linear/index.js';
export {
  addToDiagonal,
  cholesky,
  columnOf,
  complexMatrix,
  complexSvd,
  conjugateTranspose,
  determinant,
  dominantSubspace,
  generalEigen,
  gramMatrix,
  hermitianEigen,
  identityMatrix,
  inverseMatrix,
  invertHermitian,
  khatriRao,
  kroneckerProduct,
  kroneckerVectors,
  leastSquares,
  luFactors,
  matrixMultiply,
  pseudoInverse,
  qrFactors,
  realRowGram,
  rowGramMatrix,
  solveCholesky,
  solveHermitian,
  solveLinear,
  solveLower,
  solveLowerTransposed,
  solveUpper,
} from './linear/index.js';
export { polynomialRoots } from './polynomial/index.js';
export { Rng } from './rng.js';
export { erfc, qFunction, qInverse, scaledExponentialIntegral } from './special.js';
export type { Interval, Numbers, Summary } from './statistics.js';
export {
  bootstrapInterval,
  kolmogorovSmirnov,
  mean,
  meanInterval,
  median,
  percentile,
  standardError,
  summary,
  variance,
  wilsonInterval,
} from './statistics.js';
export type { ComplexTensor } from './tensor/index.js';
export { complexTensor, fold, modeProduct, outerProduct, unfold } from './tensor/index.js';
