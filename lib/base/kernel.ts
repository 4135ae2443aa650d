/** A WebAssembly kernel: its memory and its functions, which take addresses in bytes. */
export interface Kernel<Functions> {
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
}

const PAGE = 65_536;

/**
 * Compiles a kernel that `npm run kernels` made. Synchronous, since the library is loaded without top-level
 * await; a kernel is a few kilobytes.
 * @param bytes of memory. Growing it later would detach its buffer, after which V8 checks every access to any typed
 *   array of the process: plain loops over them then took 1.3 to 1.7 times as long.
 */
export function loadKernel<Functions>(base64: string, bytes = PAGE): Kernel<Functions> {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  const env = { memory: new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }) };
  const { exports } = new WebAssembly.Instance(module, { env });
  const memory = exports.memory as WebAssembly.Memory;
  return {
    memory,
    functions: exports as Functions,
  };
}
