/** Adaptive binary range coder (Martin 1979; probabilities that move by a sixteenth, as in LZMA): bits in contexts to bytes. */

/** Probabilities of a zero, in 1/2048, one a context. */
export type Contexts = Uint16Array;

const SCALE_BITS = 11;
const ADAPTATION = 4;
const TOP = 2 ** 24;
const WORD = 2 ** 32;

/** Contexts that know nothing yet. */
export const freshContexts = (count: number): Contexts => new Uint16Array(count).fill(2 ** (SCALE_BITS - 1));

/** Where a context's bit is written to or read from; a reader ignores the bit given and returns its own. */
export type BitCoder = (contexts: Contexts, context: number, bit: number) => number;

function adapt(contexts: Contexts, context: number, bit: number): void {
  const p = contexts[context]!;
  contexts[context] = bit === 0 ? p + ((2 ** SCALE_BITS - p) >> ADAPTATION) : p - (p >> ADAPTATION);
}

const boundOf = (range: number, p: number) => (range >>> SCALE_BITS) * p;

/** Bytes of the bits that `write` codes. Zeros at the end are left off: a reader finds them there. */
export function rangeEncode(write: (coder: BitCoder) => void): Uint8Array {
  const bytes: number[] = [];
  let [low, range, held, heldCount] = [0, WORD - 1, 0, 0];
  const shift = () => {
    // The first byte is held whatever it is: no carry goes beyond it.
    if (heldCount === 0 || low < 0xff000000 || low >= WORD) {
      const carry = low >= WORD ? 1 : 0;
      for (let n = 0; n < heldCount; n++) bytes.push((n === 0 ? held + carry : 0xff + carry) & 0xff);
      held = Math.floor(low / TOP) & 0xff;
      heldCount = 0;
    }
    heldCount++;
    low = (low % TOP) * 256;
  };
  write((contexts, context, bit) => {
    const bound = boundOf(range, contexts[context]!);
    if (bit === 0) range = bound;
    else {
      low += bound;
      range -= bound;
    }
    adapt(contexts, context, bit);
    while (range < TOP) {
      range *= 256;
      shift();
    }
    return bit;
  });
  for (let n = 0; n < 5; n++) shift();
  while (bytes.at(-1) === 0) bytes.pop();
  return Uint8Array.from(bytes);
}

/** Reads what `rangeEncode` wrote. Any bytes give some bits, never an error. */
export function rangeDecoder(bytes: Uint8Array): BitCoder {
  let at = 0;
  const next = () => bytes[at++] ?? 0;
  let [code, range] = [0, WORD - 1];
  for (let n = 0; n < 4; n++) code = code * 256 + next();
  return (contexts, context) => {
    const bound = boundOf(range, contexts[context]!);
    const bit = code < bound ? 0 : 1;
    if (bit === 0) range = bound;
    else {
      code -= bound;
      range -= bound;
    }
    adapt(contexts, context, bit);
    while (range < TOP) {
      range *= 256;
      code = code * 256 + next();
    }
    return bit;
  };
}
