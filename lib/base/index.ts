/**
 * What every module needs of the machine: errors a user can mend, checks of inputs, safe file access,
 * WebAssembly kernels, a way into native code that can be closed.
 */
export { InputError, requireChoice, requireInteger, requireRange } from './errors.js';
export { fileProblem, readFileChecked, writeFileAtomic } from './files.js';
export { readHdf5 } from './hdf5.js';
export { type Kernel, loadKernel } from './kernel.js';
export { closeNativeGate, type NativeGate, nativeCall, newNativeGate, useNativeGate } from './native-gate.js';
export { type NpyArray, parseNpy, readNpy, readNpz } from './npy.js';
export { requireSchema } from './schema.js';
