import type { Rng } from '../../math/index.js';
import { type Classifier, nearestNeighbour, ridgeClassifier, standardiser } from './classifiers.js';
import { type ProtocolScore, type ScoreName, scoreOf, summed } from './score.js';
import { labelOf, leaveOut, type PersonSample, type Split, shotSplits, splitWithin } from './split.js';

/** The Doppler profile of a known person's sample. */
export interface PersonProfile extends PersonSample {
  readonly profile: Float64Array;
}

/**
 * What ridge regression and the nearest neighbour recognise by the Doppler profile of people known.
 * @param rng the stream that `inDomain` has, for the same split
 * @throws InputError when a person has fewer than 4 samples of a class.
 */
export function classicInDomain(samples: readonly PersonProfile[], rng: Rng): ProtocolScore[] {
  return bothOf(splitWithin(samples, rng.fork('split')), 'in-domain');
}

/**
 * The same for a person never seen (zero-shot), and for the nearest of one labelled sample of each class of that person
 * (one-shot), which is not scored itself. Both are standardised by, and ridge is trained on, the people that
 * `crossPerson` trains on.
 * @param rng the stream that `crossPerson` has, for the same labelled samples
 * @throws InputError for fewer than three people, or a target that is none of them.
 */
export function classicCrossPerson(
  samples: readonly PersonProfile[],
  target: number,
  { shotDraws }: { shotDraws?: number },
  rng: Rng,
): ProtocolScore[] {
  const split = leaveOut(samples, target);
  const scale = scaleOf(split.train);
  const oneShot = shotSplits(split.test, shotDraws, rng.fork('shots')).map(({ shots, rest }) =>
    scored(nearestNeighbour(shots.map(scale), shots.map(labelOf)), rest, {
      name: { protocol: 'one-shot', method: '1-NN' },
      scale,
    }),
  );
  return [...bothOf(split, 'zero-shot'), ...summed(oneShot)];
}

function scaleOf(train: readonly PersonProfile[]) {
  const scale = standardiser(train.map(({ profile }) => profile));
  return ({ profile }: PersonProfile) => scale(profile);
}

/** What the nearest neighbour among `train` recognises of `test`. */
export function nearestProfile(
  train: readonly PersonProfile[],
  test: readonly PersonProfile[],
  protocol: ScoreName['protocol'],
): ProtocolScore {
  const scale = scaleOf(train);
  const classify = nearestNeighbour(train.map(scale), train.map(labelOf));
  return scored(classify, test, { name: { protocol, method: '1-NN' }, scale });
}

function bothOf({ train, test }: Split<PersonProfile>, protocol: ScoreName['protocol']): ProtocolScore[] {
  const scale = scaleOf(train);
  const ridge = ridgeClassifier(train.map(scale), train.map(labelOf));
  return [
    scored(ridge, test, { name: { protocol, method: 'ridge' }, scale }),
    nearestProfile(train, test, protocol),
  ];
}

function scored(
  classify: Classifier,
  test: readonly PersonProfile[],
  { name, scale }: { name: ScoreName; scale: (sample: PersonProfile) => Float64Array },
): ProtocolScore {
  return scoreOf(
    name,
    test.map((sample) => classify(scale(sample))),
    test,
  );
}
