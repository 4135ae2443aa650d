/** Roots of polynomials. */
export { polynomialRoots } from './roots.js';
