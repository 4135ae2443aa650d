/** Random streams, complex arrays, FFT, linear algebra and statistics on typed arrays. */
export { Rng } from './rng.js';
