import { type Kernel, loadKernel } from '../kernels/load.js';
import { wasm } from '../kernels/polar.wasm.js';
import type { Program } from './program.js';
import type { Survivors } from './pruned.js';

interface PolarFunctions {
  configure(listSize: number, stages: number): void;
  decode(steps: number): void;
}

/** Addresses of the kernel, as in its source. */
const address = { metrics: 1024, program: 8192, channel: 49152, bits: 51200, llrs: 86016 };

/** The pruned list decoder on int8 LLRs in WebAssembly: the paths of `PrunedListDecoder` with the limit 127. */
export class KernelListDecoder {
  private readonly kernel: Kernel<PolarFunctions>;
  /** N LLRs, integers from -127 to 127, written here before `decode`. */
  readonly channel: Int8Array;
  private readonly metrics: Int32Array;
  private readonly bits: Int8Array;
  /** Bytes from one output to the next. */
  private readonly lanes: number;

  /**
   * @param program of the code
   * @param length N, 2 to 1024
   * @param listSize 1 to 32
   */
  constructor(
    private readonly program: Program,
    private readonly length: number,
    listSize: number,
  ) {
    this.lanes = listSize <= 8 ? 8 : listSize <= 16 ? 16 : 32;
    this.kernel = loadKernel<PolarFunctions>(wasm);
    this.kernel.reserve(address.llrs + 2 * length * this.lanes + 1024);
    const { buffer } = this.kernel.memory;
    this.channel = new Int8Array(buffer, address.channel, length);
    this.metrics = new Int32Array(buffer, address.metrics, listSize);
    this.bits = new Int8Array(buffer, address.bits, length * this.lanes);
    new Int32Array(buffer, address.program, program.length).set(program);
    this.kernel.functions.configure(listSize, Math.log2(length));
  }

  /** Decodes `channel`. */
  decode(): Survivors {
    this.kernel.functions.decode(this.program.length / 3);
    const { bits, lanes, length } = this;
    return {
      metrics: this.metrics,
      word(path) {
        const word = new Uint8Array(length);
        for (let i = 0; i < length; i++) word[i] = bits[i * lanes + path]! & 1;
        return word;
      },
    };
  }
}
