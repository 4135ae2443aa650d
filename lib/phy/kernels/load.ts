/** A WebAssembly kernel: its memory and its functions, which take addresses in bytes. */
export interface Kernel<Functions> {
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
  /**
   * Grows the memory to at least so many bytes; views on the old buffer are lost. This detaches a buffer, after which
   * V8 checks every access to any typed array: loops over them all slow down by a half. Where the size is known, ask
   * for it at once instead.
   */
  reserve(bytes: number): void;
}

const PAGE = 65_536;

/**
 * Compiles a kernel that `npm run kernels` made. Synchronous, since the library is loaded without top-level
 * await; a kernel is a few kilobytes.
 * @param bytes of memory to begin with
 */
export function loadKernel<Functions>(base64: string, bytes = PAGE): Kernel<Functions> {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  const env = { memory: new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }) };
  const { exports } = new WebAssembly.Instance(module, { env });
  const memory = exports.memory as WebAssembly.Memory;
  return {
    memory,
    functions: exports as Functions,
    reserve(bytes) {
      const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
      if (missing > 0) memory.grow(missing);
    },
  };
}
