/** A path that the list kept: the transform's output and how unlikely it is. */
export interface ListPath {
  /** x = u G, N bits. */
  readonly word: Uint8Array;
  /** -log of the path's probability up to a constant: the smaller the likelier. */
  readonly metric: number;
}

/** How a check node combines two LLRs: exactly, or with the magnitude of the smaller. */
export type CheckNode = 'exact' | 'min-sum';

/** What is left of a path after a subtree: the path before it, and the subtree's output. */
interface Survivor extends ListPath {
  readonly parent: number;
}

interface Branch {
  readonly llrs: Float64Array;
  readonly metric: number;
}

/**
 * Successive cancellation list decoding on LLRs, bit by bit (Tal and Vardy 2015; Balatsoukas-Stimming, Bastani
 * Parizi and Burg 2015): the oracle of the pruned decoders. A list of 1 is successive cancellation.
 * @param llrs N finite LLRs
 * @param frozen 1 where an input is frozen to 0, N of them
 * @returns at most `listSize` paths, the likeliest first
 */
export function listDecode(
  llrs: Float64Array,
  frozen: Uint8Array,
  listSize: number,
  checkNode: CheckNode = 'exact',
): ListPath[] {
  return new PlainListDecoder(listSize, checkNode)
    .decode([{ llrs, metric: 0 }], frozen)
    .sort((a, b) => a.metric - b.metric);
}

/** Decodes a subtree for all paths at once; LLRs are never changed, so paths share them. */
class PlainListDecoder {
  private readonly combine: (a: number, b: number) => number;
  private readonly penalty: (llr: number, bit: number) => number;

  constructor(
    private readonly listSize: number,
    checkNode: CheckNode,
  ) {
    this.combine = checkNode === 'exact' ? boxPlus : minimum;
    this.penalty = checkNode === 'exact' ? exactPenalty : hardPenalty;
  }

  decode(branches: readonly Branch[], frozen: Uint8Array): Survivor[] {
    if (frozen.length === 1) return this.decide(branches, frozen[0] === 1);
    const half = frozen.length / 2;
    const left = this.decode(
      branches.map(({ llrs, metric }) => ({ llrs: this.checks(llrs, half), metric })),
      frozen.subarray(0, half),
    );
    const right = this.decode(
      left.map(({ parent, word, metric }) => ({ llrs: variables(branches[parent]!.llrs, word), metric })),
      frozen.subarray(half),
    );
    return right.map(({ parent, word, metric }) => {
      const before = left[parent]!;
      return { parent: before.parent, word: join(before.word, word), metric };
    });
  }

  private decide(branches: readonly Branch[], frozen: boolean): Survivor[] {
    const paths: Survivor[] = [];
    for (const bit of frozen ? [0] : [0, 1]) {
      branches.forEach(({ llrs, metric }, parent) => {
        paths.push({ parent, word: Uint8Array.of(bit), metric: metric + this.penalty(llrs[0]!, bit) });
      });
    }
    if (paths.length <= this.listSize) return paths;
    return paths.sort((a, b) => a.metric - b.metric).slice(0, this.listSize);
  }

  private checks(llrs: Float64Array, half: number): Float64Array {
    return Float64Array.from({ length: half }, (_, i) => this.combine(llrs[i]!, llrs[i + half]!));
  }
}

function variables(llrs: Float64Array, left: Uint8Array): Float64Array {
  return Float64Array.from(left, (bit, i) => llrs[i + left.length]! + (bit === 1 ? -llrs[i]! : llrs[i]!));
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  const word = new Uint8Array(2 * left.length);
  word.set(left.map((bit, i) => bit ^ right[i]!));
  word.set(right, left.length);
  return word;
}

const minimum = (a: number, b: number): number => Math.max(Math.min(a, b), -Math.max(a, b));

/** log((1 + e^(a+b)) / (e^a + e^b)), written so that nothing overflows. */
const boxPlus = (a: number, b: number): number =>
  minimum(a, b) + Math.log1p(Math.exp(-Math.abs(a + b))) - Math.log1p(Math.exp(-Math.abs(a - b)));

const hardPenalty = (llr: number, bit: number): number => Math.max(0, bit === 1 ? llr : -llr);

/** log(1 + e^(-(1-2u) llr)), written so that nothing overflows. */
const exactPenalty = (llr: number, bit: number): number =>
  hardPenalty(llr, bit) + Math.log1p(Math.exp(-Math.abs(llr)));
