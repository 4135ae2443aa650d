import { InputError } from '../../base/index.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  gramMatrix,
  matrixMultiply,
  mean,
  solveHermitian,
} from '../../math/index.js';

/** What is added to the diagonal of the covariance of standardised features. */
const PENALTY = 0.15;

type Vector = Float64Array;

/** Names the class of a vector of features. */
export type Classifier = (vector: Vector) => number;

/** Brings features to mean 0 and deviation 1 over `vectors`; one that does not vary there becomes 0. */
export function standardiser(vectors: readonly Vector[]): (vector: Vector) => Vector {
  const columns = Array.from(vectors[0] ?? [], (_, at) => vectors.map((vector) => vector[at]!));
  const centre = columns.map(mean);
  const factor = columns.map((column, at) => {
    const power = mean(column.map((value) => (value - centre[at]!) ** 2));
    return power > 0 ? 1 / Math.sqrt(power) : 0;
  });
  return (vector) => vector.map((value, at) => (value - centre[at]!) * factor[at]!);
}

/**
 * A linear classifier by ridge regression (Hoerl and Kennard 1970) on standardised features: of 1 for the class and 0 for
 * the others, of which the largest value wins.
 * @throws InputError when the lists are empty or of different lengths.
 */
export function ridgeClassifier(vectors: readonly Vector[], labels: readonly number[]): Classifier {
  requireAsMany(vectors, labels);
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const rows = realMatrix(vectors);
  const share = 1 / classes.length;
  const targets = realMatrix(labels.map((label) => classes.map((one) => Number(one === label) - share)));
  const covariance = addToDiagonal(gramMatrix(rows), PENALTY * vectors.length);
  const weights = solveHermitian(covariance, matrixMultiply(conjugateTranspose(rows), targets));
  return (vector) => {
    const { data } = matrixMultiply(realMatrix([vector]), weights);
    let best = 0;
    for (let at = 1; at < classes.length; at++) if (data[2 * at]! > data[2 * best]!) best = at;
    return classes[best]!;
  };
}

function realMatrix(rows: readonly ArrayLike<number>[]): ComplexMatrix {
  const columns = rows[0]!.length;
  const out = complexMatrix(rows.length, columns);
  for (const [index, row] of rows.entries()) {
    for (let at = 0; at < columns; at++) out.data[2 * (index * columns + at)] = row[at]!;
  }
  return out;
}

/**
 * The class of the vector at the least distance.
 * @throws InputError as `ridgeClassifier`.
 */
export function nearestNeighbour(vectors: readonly Vector[], labels: readonly number[]): Classifier {
  requireAsMany(vectors, labels);
  return (vector) => {
    let best = { distance: Number.POSITIVE_INFINITY, label: labels[0]! };
    for (const [index, other] of vectors.entries()) {
      let distance = 0;
      for (let at = 0; at < vector.length; at++) distance += (vector[at]! - other[at]!) ** 2;
      if (distance < best.distance) best = { distance, label: labels[index]! };
    }
    return best.label;
  };
}

function requireAsMany(vectors: readonly Vector[], labels: readonly number[]): void {
  if (vectors.length === 0 || vectors.length !== labels.length)
    throw new InputError(
      `${vectors.length} vectors and ${labels.length} labels; allowed: as many, 1 or more`,
    );
}
