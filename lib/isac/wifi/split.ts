import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';

/** Whose sample of which class it is. */
export interface PersonSample {
  readonly person: number;
  readonly label: number;
}

/** What is trained on, chosen by and tested on. */
export interface Split<T> {
  train: T[];
  validation: T[];
  test: T[];
}

/** Shares of the samples of each person and class that are trained and validated on; the rest is for the test. */
const TRAIN_SHARE = 0.7;
const VALIDATION_SHARE = 0.1;

/**
 * Splits the samples of every person and class at random, so that each part has all of both.
 * @throws InputError when a person has fewer than 4 samples of a class.
 */
export function splitWithin<T extends PersonSample>(samples: readonly T[], rng: Rng): Split<T> {
  const cells = new Map<string, T[]>();
  for (const sample of samples) {
    const name = `${sample.person}/${sample.label}`;
    cells.set(name, [...(cells.get(name) ?? []), sample]);
  }
  const split: Split<T> = { train: [], validation: [], test: [] };
  for (const [name, cell] of cells) {
    if (cell.length < 4)
      throw new InputError(`person/class ${name} has ${cell.length} samples; allowed: 4 or more`);
    const order = [...rng.fork(name).permutation(cell.length)].map((at) => cell[at]!);
    const trained = Math.floor(cell.length * TRAIN_SHARE);
    const validated = trained + Math.max(1, Math.floor(cell.length * VALIDATION_SHARE));
    split.train.push(...order.slice(0, trained));
    split.validation.push(...order.slice(trained, validated));
    split.test.push(...order.slice(validated));
  }
  return split;
}

/** The people of samples, in order. */
export const peopleOf = (samples: readonly PersonSample[]): number[] =>
  [...new Set(samples.map(({ person }) => person))].sort((a, b) => a - b);

/**
 * Tests on one person; validates on the next one in order and trains on the others.
 * @throws InputError for fewer than three people, or a target that is none of them.
 */
export function leaveOut<T extends PersonSample>(samples: readonly T[], target: number): Split<T> {
  const people = peopleOf(samples);
  const at = people.indexOf(target);
  if (people.length < 3 || at < 0) {
    throw new InputError(`target person ${target} among ${people.length} people; allowed: one of 3 or more`);
  }
  const chooser = people[(at + 1) % people.length];
  return {
    train: samples.filter(({ person }) => person !== target && person !== chooser),
    validation: samples.filter(({ person }) => person === chooser),
    test: samples.filter(({ person }) => person === target),
  };
}

/** One random sample of each group. */
export function oneOfEach<T>(samples: readonly T[], group: (sample: T) => number, rng: Rng): T[] {
  const groups = [...new Set(samples.map(group))];
  return groups.map((one) => rng.choice(samples.filter((sample) => group(sample) === one)));
}

/** The class of a sample. */
export const labelOf = ({ label }: { readonly label: number }): number => label;

/** One labelled sample of each class and the others, drawn several times. @throws InputError for no draws. */
export function shotSplits<T extends PersonSample>(
  samples: readonly T[],
  draws = 5,
  rng: Rng,
): { shots: T[]; rest: T[] }[] {
  requireInteger('shotDraws', draws, 1, 1000);
  return Array.from({ length: draws }, (_, draw) => {
    const shots = oneOfEach(samples, labelOf, rng.fork(draw));
    return { shots, rest: samples.filter((sample) => !shots.includes(sample)) };
  });
}
