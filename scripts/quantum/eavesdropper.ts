import type { Codec, Codeword, LinkState, Reception } from 'semwave/link';
import {
  addToDiagonal,
  type ComplexMatrix,
  complexFromParts,
  complexMatrix,
  conjugateTranspose,
  gramMatrix,
  matrixMultiply,
  mean,
  solveHermitian,
  standardError,
} from 'semwave/math';
import { type Colour, meanColour, type Picture } from 'semwave/source';

/** What somebody on the air hears of one codeword, with what was in it: for training, and for known plaintext. */
export interface Heard {
  /** Symbols of the codec before they were scrambled. */
  sent: Float32Array;
  /** The codec's own side information. */
  side: unknown;
  reception: Reception;
}

/** A codec that remembers the codewords of pictures that it encoded before, at the same mean SNR. */
export function remembering<Shape>(codec: Codec<Picture, Shape>): Codec<Picture, Shape> {
  const known = new Map<number, Map<Picture, Codeword>>();
  return {
    ...codec,
    async encode(picture: Picture, link: LinkState) {
      const atSnr = known.get(link.snrDb) ?? new Map<Picture, Codeword>();
      known.set(link.snrDb, atSnr);
      const codeword = atSnr.get(picture) ?? (await codec.encode(picture, link));
      atSnr.set(picture, codeword);
      return codeword;
    },
  };
}

/** Listens in on a keyed codec: `heard` gets every reception, in order, with what the plain codec made of the picture. */
export function tapped<Shape>(plain: Codec<Picture, Shape>, keyed: Codec<Picture, Shape>) {
  const heard: Heard[] = [];
  const sent: Codeword[] = [];
  const codec: Codec<Picture, Shape> = {
    ...keyed,
    async encode(picture, link) {
      sent.push(await plain.encode(picture, link));
      return keyed.encode(picture, link);
    },
    decode(reception, like, link) {
      const { symbols, side } = sent[heard.length]!;
      heard.push({ sent: symbols, side, reception });
      return keyed.decode(reception, like, link);
    },
  };
  return { codec, heard };
}

const SHARES = [0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.997, 0.999];
const RIDGE = 10;

/** What values tell in any order: quantiles of the values and of their magnitudes, moments. */
function statisticsOf(symbols: Float32Array): number[] {
  const quantiles = (values: Float32Array) => {
    const sorted = values.sort();
    return SHARES.map((share) => sorted[Math.floor(share * sorted.length)]!);
  };
  const moments = [0, 0, 0];
  for (const value of symbols) {
    moments[0]! += value;
    moments[1]! += value ** 3;
    moments[2]! += value ** 4;
  }
  return [
    ...quantiles(symbols.slice()),
    ...quantiles(symbols.map(Math.abs)),
    ...moments.map((sum) => sum / symbols.length),
  ];
}

/**
 * An eavesdropper who knows codec and training pictures but no key: learns from keyed receptions of the training pictures to
 * tell a picture's mean colour by the statistics of what is on the air (ridge regression of 33 numbers). To her the places
 * of a permuted codeword are alike, so that a flat picture is all that such numbers can give.
 */
export function learnColour(
  heard: readonly Float32Array[],
  pictures: readonly Picture[],
): (symbols: Float32Array) => Colour {
  const inputs = heard.map(statisticsOf);
  const centres = inputs[0]!.map((_, k) => mean(inputs.map((row) => row[k]!)));
  const spreads = inputs[0]!.map(
    (_, k) => standardError(inputs.map((row) => row[k]!)) * Math.sqrt(inputs.length),
  );
  const scaled = (row: readonly number[]) =>
    row.map((value, k) => (value - centres[k]!) / (spreads[k]! || 1));
  const colours = pictures.map((picture) => meanColour([picture]));
  const usual = [0, 1, 2].map((c) => mean(colours.map((colour) => colour[c]!)));
  const x = realMatrix(inputs.map(scaled));
  const y = realMatrix(colours.map((colour) => colour.map((value, c) => value - usual[c]!)));
  const weights = solveHermitian(
    addToDiagonal(gramMatrix(x), RIDGE),
    matrixMultiply(conjugateTranspose(x), y),
  );
  return (symbols) => {
    const row = scaled(statisticsOf(symbols));
    const channel = (c: number) =>
      row.reduce((sum, value, k) => sum + value * weights.data[2 * (3 * k + c)]!, usual[c]!);
    return [channel(0), channel(1), channel(2)];
  };
}

function realMatrix(rows: readonly (readonly number[])[]): ComplexMatrix {
  const values = Float64Array.from(rows.flat());
  return complexMatrix(
    rows.length,
    rows[0]!.length,
    complexFromParts(values, new Float64Array(values.length)),
  );
}

/** Turns what was heard of another codeword under the same key into a guess of it. */
export type Unscramble = (symbols: Float32Array) => Float32Array;

/**
 * An eavesdropper who knows some pictures that were sent under the key of another, as when a published picture goes over
 * the link, and so their codewords. Looks for the place, and the signs, of each symbol: those that explain best what she
 * heard of the known ones.
 */
export function matchSymbols(known: readonly Heard[], signed: boolean): Unscramble {
  const uses = known[0]!.sent.length / 2;
  const clear = known.map(({ sent }) => sent);
  const heard = known.map(({ reception }) => reception.symbols);
  const energies = new Float64Array(uses);
  for (const symbols of heard) {
    for (let i = 0; i < symbols.length; i++) energies[i >> 1]! += symbols[i]! ** 2;
  }
  const from = new Uint32Array(uses);
  const signs = new Float32Array(2 * uses).fill(1);
  for (let place = 0; place < uses; place++) {
    let least = Number.POSITIVE_INFINITY;
    for (let use = 0; use < uses; use++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < clear.length; k++) {
        re += clear[k]![2 * place]! * heard[k]![2 * use]!;
        im += clear[k]![2 * place + 1]! * heard[k]![2 * use + 1]!;
      }
      const distance = energies[use]! - 2 * (signed ? Math.abs(re) + Math.abs(im) : re + im);
      if (distance >= least) continue;
      least = distance;
      from[place] = use;
      if (signed) signs.set([Math.sign(re), Math.sign(im)], 2 * place);
    }
  }
  return (symbols) => symbols.map((_, i) => signs[i]! * symbols[2 * from[i >> 1]! + (i & 1)]!);
}

/**
 * The same eavesdropper before a rotation, which keeps the angles between codewords: her guess is the sum of known codewords
 * whose scrambled sum comes nearest to what she heard.
 */
export function projectSymbols(known: readonly Heard[]): Unscramble {
  const length = known[0]!.sent.length;
  const rows = (of: (one: Heard) => Float32Array) => realMatrix(known.map((one) => [...of(one)]));
  const heard = conjugateTranspose(rows(({ reception }) => reception.symbols));
  const clear = conjugateTranspose(rows(({ sent }) => sent));
  const gram = addToDiagonal(gramMatrix(heard), 1e-3 * length);
  return (symbols) => {
    const target = conjugateTranspose(realMatrix([[...symbols]]));
    const weights = solveHermitian(gram, matrixMultiply(conjugateTranspose(heard), target));
    const guess = matrixMultiply(clear, weights);
    return Float32Array.from({ length }, (_, i) => guess.data[2 * i]!);
  };
}
