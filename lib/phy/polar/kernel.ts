import { type Kernel, loadKernel } from '../../base/index.js';
import { wasm } from '../kernels/polar.wasm.js';
import type { Program } from './program.js';
import type { Survivors } from './pruned.js';

interface PolarFunctions {
  configure(listSize: number, stages: number): void;
  decode(steps: number): void;
  inputsOf(path: number): void;
}

/** Addresses of the kernel, as in its source. */
const address = { metrics: 1024, program: 8192, channel: 49152, llrs: 86016 };

/** The pruned list decoder on int8 LLRs in WebAssembly: the paths of `PrunedListDecoder` with the limit 127. */
export class KernelListDecoder {
  private readonly kernel: Kernel<PolarFunctions>;
  /** N LLRs, integers from -127 to 127, written here before `decode`. */
  readonly channel: Int8Array;
  private readonly metrics: Int32Array;
  private readonly inputs: Uint8Array;

  /**
   * @param program of the code
   * @param length N, 2 to 1024
   * @param listSize 1 to 32
   */
  constructor(
    private readonly program: Program,
    length: number,
    listSize: number,
  ) {
    this.kernel = loadKernel<PolarFunctions>(wasm, address.llrs + 64 * length + 1024);
    const { buffer } = this.kernel.memory;
    this.channel = new Int8Array(buffer, address.channel, length);
    this.metrics = new Int32Array(buffer, address.metrics, listSize);
    this.inputs = new Uint8Array(buffer, address.channel, length);
    new Int32Array(buffer, address.program, program.length).set(program);
    this.kernel.functions.configure(listSize, Math.log2(length));
  }

  /** Decodes `channel`. */
  decode(): Survivors {
    this.kernel.functions.decode(this.program.length / 3);
    return {
      metrics: this.metrics,
      inputs: (path) => {
        this.kernel.functions.inputsOf(path);
        return this.inputs;
      },
    };
  }
}
