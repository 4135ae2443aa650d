import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { disposeTree } from '../../nn/index.js';
import { classicCrossPerson, classicInDomain, nearestProfile, type PersonProfile } from './classic.js';
import type { CsiNetParameters, Similarity } from './csi-net.js';
import { type ProtocolScore, type ScoreName, scoreOf, summed } from './score.js';
import { labelOf, leaveOut, oneOfEach, peopleOf, type Split, shotSplits, splitWithin } from './split.js';
import { adoptTargets, classMeans, nearestTemplates, type Template } from './templates.js';
import { type CsiNetTraining, embeddings, type LabelledFeatures, trainCsiNet } from './training.js';
import { type WeightNetTraining, weightedTemplates } from './weight-net.js';

/** A sample of a known person, as networks and as classic classifiers see it. */
export interface PersonFeatures extends LabelledFeatures, PersonProfile {}

/** How the networks of a protocol are trained. */
export interface ProtocolOptions {
  csiNet?: Omit<CsiNetTraining, 'similarity'>;
  weightNet?: Omit<WeightNetTraining, 'similarity'>;
  similarity?: Similarity;
  /** Draws of the labelled samples that one-shot scores are summed over (default 5). */
  shotDraws?: number;
}

/**
 * People known: train, validation and test samples of the same people.
 * @throws InputError when a person has fewer than 4 samples of a class, or settings do not fit.
 */
export function inDomain(
  samples: readonly PersonFeatures[],
  options: ProtocolOptions,
  rng: Rng,
): Promise<ProtocolScore[]> {
  const split = splitWithin(samples, rng.fork('split'));
  return trained(split, options, rng, async (model) => [
    await scored(model, split.test, { protocol: 'in-domain', method: 'templates' }, model.templates),
    await scored(model, split.test, { protocol: 'in-domain', method: 'class means' }, model.means),
    ...classicInDomain(samples, rng),
  ]);
}

/**
 * A person never seen: the network is trained on others, chosen on one more person, and meets the target person without
 * labels (zero-shot) or with one labelled sample of each class (one-shot), which is not scored itself.
 * @param target the person left out; the next one in order is the validation person
 * @throws InputError for fewer than three people, or a target that is none of them.
 */
export function crossPerson(
  samples: readonly PersonFeatures[],
  target: number,
  options: ProtocolOptions,
  rng: Rng,
): Promise<ProtocolScore[]> {
  const split = leaveOut(samples, target);
  return trained(split, options, rng, async (model) => {
    const embedded = await embeddings(model.net, split.test);
    const adopted = await adoptTargets(model.net, model.templates, embedded, model.similarity);
    return [
      await scored(model, split.test, { protocol: 'zero-shot', method: 'templates' }, model.templates),
      await scored(model, split.test, { protocol: 'zero-shot', method: 'class means' }, model.means),
      await scored(model, split.test, { protocol: 'zero-shot', method: 'adopted' }, adopted),
      ...(await oneShot(model, split.test, options.shotDraws, rng.fork('shots'))),
      ...classicCrossPerson(samples, target, options, rng),
    ];
  });
}

/**
 * `crossPerson` with the first people in turn left out, scores summed.
 * @param people how many are left out in turn; default all
 * @throws InputError for fewer than three people, or fewer than are to be left out.
 */
export async function crossPeople(
  samples: readonly PersonFeatures[],
  { people, ...options }: ProtocolOptions & { people?: number },
  rng: Rng,
): Promise<ProtocolScore[]> {
  const all = peopleOf(samples);
  const count = requireInteger('people left out', people ?? all.length, 1, all.length);
  const scores: ProtocolScore[] = [];
  for (const target of all.slice(0, count))
    scores.push(...(await crossPerson(samples, target, options, rng.fork(target))));
  return summed(scores);
}

async function oneShot(
  model: Model,
  target: readonly PersonFeatures[],
  draws: number | undefined,
  rng: Rng,
): Promise<ProtocolScore[]> {
  const scores: ProtocolScore[] = [];
  for (const { shots, rest } of shotSplits(target, draws, rng)) {
    const templates = classMeans(await embeddings(model.net, shots), shots.map(labelOf));
    scores.push(await scored(model, rest, { protocol: 'one-shot', method: 'labelled sample' }, templates));
  }
  return summed(scores);
}

/**
 * A class never trained on, of people known: its template is the mean of one labelled sample of each person. Scored are
 * test samples of all classes, each against all templates.
 * @param added the class left out of training
 * @throws InputError when there is no such class, or as `inDomain`.
 */
export function newClass(
  samples: readonly PersonFeatures[],
  added: number,
  options: ProtocolOptions,
  rng: Rng,
): Promise<ProtocolScore[]> {
  const split = splitWithin(samples, rng.fork('split'));
  const isOld = ({ label }: PersonFeatures) => label !== added;
  const unseen = split.train.filter((sample) => !isOld(sample));
  if (unseen.length === 0)
    throw new InputError(`class ${added} has no samples; allowed: a class of the samples`);
  const old: Split<PersonFeatures> = {
    train: split.train.filter(isOld),
    validation: split.validation.filter(isOld),
    test: split.test,
  };
  return trained(old, options, rng, async (model) => {
    const shots = oneOfEach(unseen, ({ person }) => person, rng.fork('shots'));
    const [template] = classMeans(
      await embeddings(model.net, shots),
      shots.map(() => added),
    );
    return [
      await scored(model, old.test, { protocol: 'new class', method: 'templates' }, [
        ...model.templates,
        template!,
      ]),
      nearestProfile([...old.train, ...shots], old.test, 'new class'),
    ];
  });
}

interface Model {
  net: CsiNetParameters;
  templates: Template[];
  means: Template[];
  similarity: Similarity;
}

/** Trains both networks on a split, uses them, and releases them. */
async function trained(
  { train, validation }: Split<PersonFeatures>,
  { csiNet, weightNet, similarity = 'attention' }: ProtocolOptions,
  rng: Rng,
  use: (model: Model) => Promise<ProtocolScore[]>,
): Promise<ProtocolScore[]> {
  const net = await trainCsiNet(train, validation, { ...csiNet, similarity }, rng.fork('csi-net'));
  try {
    const source = { embedded: await embeddings(net, train), labels: train.map(labelOf) };
    const settings = { ...weightNet, similarity };
    const templates = await weightedTemplates(net, source, settings, rng.fork('weight-net'));
    return await use({ net, templates, means: classMeans(source.embedded, source.labels), similarity });
  } finally {
    disposeTree(net);
  }
}

async function scored(
  { net, similarity }: Model,
  test: readonly PersonFeatures[],
  name: ScoreName,
  templates: readonly Template[],
): Promise<ProtocolScore> {
  return scoreOf(name, await nearestTemplates(net, await embeddings(net, test), templates, similarity), test);
}
