/** Complex tensors: unfolding, mode-n products, outer products. */
export type { ComplexTensor } from './tensor.js';
export { complexTensor, fold, modeProduct, outerProduct, unfold } from './tensor.js';
