import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { disposeTree } from '../../nn/index.js';
import type { CsiNetParameters, Similarity } from './csi-net.js';
import { adoptTargets, classMeans, nearestTemplates, type Template } from './templates.js';
import { type CsiNetTraining, embeddings, type LabelledFeatures, trainCsiNet } from './training.js';
import { type WeightNetTraining, weightedTemplates } from './weight-net.js';

/** A sample of a known person. */
export interface PersonFeatures extends LabelledFeatures {
  readonly person: number;
}

/** What a protocol measures of one way to classify. */
export interface ProtocolScore {
  readonly protocol: 'in-domain' | 'zero-shot' | 'one-shot' | 'new class';
  /** `templates`: Weight-Net; `class means`; `adopted`: transductive; `labelled sample`; `1-NN`: no network. */
  readonly method: string;
  readonly correct: number;
  readonly trials: number;
}

/** How the networks of a protocol are trained. */
export interface ProtocolOptions {
  csiNet?: Omit<CsiNetTraining, 'similarity'>;
  weightNet?: Omit<WeightNetTraining, 'similarity'>;
  similarity?: Similarity;
  /** Draws of the labelled samples that one-shot scores are summed over (default 5). */
  shotDraws?: number;
}

/** Shares of the samples of each person and class that are trained and validated on; the rest is for the test. */
const TRAIN_SHARE = 0.7;
const VALIDATION_SHARE = 0.1;

interface Split {
  train: PersonFeatures[];
  validation: PersonFeatures[];
  test: PersonFeatures[];
}

/** Splits the samples of every person and class at random, so that each part has all of both. */
function splitWithin(samples: readonly PersonFeatures[], rng: Rng): Split {
  const cells = new Map<string, PersonFeatures[]>();
  for (const sample of samples) {
    const name = `${sample.person}/${sample.label}`;
    cells.set(name, [...(cells.get(name) ?? []), sample]);
  }
  const split: Split = { train: [], validation: [], test: [] };
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
    nearestNeighbour(split.train, split.test, 'in-domain'),
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
  const people = [...new Set(samples.map(({ person }) => person))].sort((a, b) => a - b);
  const at = people.indexOf(target);
  if (people.length < 3 || at < 0) {
    throw new InputError(`target person ${target} among ${people.length} people; allowed: one of 3 or more`);
  }
  const chooser = people[(at + 1) % people.length];
  const split: Split = {
    train: samples.filter(({ person }) => person !== target && person !== chooser),
    validation: samples.filter(({ person }) => person === chooser),
    test: samples.filter(({ person }) => person === target),
  };
  return trained(split, options, rng, async (model) => {
    const embedded = await embeddings(model.net, split.test);
    const adopted = await adoptTargets(model.net, model.templates, embedded, model.similarity);
    return [
      await scored(model, split.test, { protocol: 'zero-shot', method: 'templates' }, model.templates),
      await scored(model, split.test, { protocol: 'zero-shot', method: 'class means' }, model.means),
      await scored(model, split.test, { protocol: 'zero-shot', method: 'adopted' }, adopted),
      nearestNeighbour(split.train, split.test, 'zero-shot'),
      ...(await oneShot(model, split.test, options.shotDraws ?? 5, rng.fork('shots'))),
    ];
  });
}

async function oneShot(
  model: Model,
  target: readonly PersonFeatures[],
  draws: number,
  rng: Rng,
): Promise<ProtocolScore[]> {
  requireInteger('shotDraws', draws, 1, 1000);
  const name = { protocol: 'one-shot', method: 'labelled sample' } as const;
  let [network, raw] = [empty(name), empty({ ...name, method: '1-NN' })];
  for (let draw = 0; draw < draws; draw++) {
    const shots = oneOfEach(target, ({ label }) => label, rng.fork(draw));
    const rest = target.filter((sample) => !shots.includes(sample));
    const templates = classMeans(
      await embeddings(model.net, shots),
      shots.map(({ label }) => label),
    );
    network = plus(network, await scored(model, rest, name, templates));
    raw = plus(raw, nearestNeighbour(shots, rest, 'one-shot'));
  }
  return [network, raw];
}

function oneOfEach(
  samples: readonly PersonFeatures[],
  group: (sample: PersonFeatures) => number,
  rng: Rng,
): PersonFeatures[] {
  const groups = [...new Set(samples.map(group))];
  return groups.map((one) => rng.choice(samples.filter((sample) => group(sample) === one)));
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
  const old: Split = {
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
      nearestNeighbour([...old.train, ...shots], old.test, 'new class'),
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
  { train, validation }: Split,
  { csiNet, weightNet, similarity = 'attention' }: ProtocolOptions,
  rng: Rng,
  use: (model: Model) => Promise<ProtocolScore[]>,
): Promise<ProtocolScore[]> {
  const net = await trainCsiNet(train, validation, { ...csiNet, similarity }, rng.fork('csi-net'));
  try {
    const source = { embedded: await embeddings(net, train), labels: train.map(({ label }) => label) };
    const settings = { ...weightNet, similarity };
    const templates = await weightedTemplates(net, source, settings, rng.fork('weight-net'));
    return await use({ net, templates, means: classMeans(source.embedded, source.labels), similarity });
  } finally {
    disposeTree(net);
  }
}

type ScoreName = Pick<ProtocolScore, 'protocol' | 'method'>;

const empty = (name: ScoreName): ProtocolScore => ({ ...name, correct: 0, trials: 0 });

const plus = (a: ProtocolScore, b: ProtocolScore): ProtocolScore => ({
  ...a,
  correct: a.correct + b.correct,
  trials: a.trials + b.trials,
});

async function scored(
  { net, similarity }: Model,
  test: readonly PersonFeatures[],
  name: ScoreName,
  templates: readonly Template[],
): Promise<ProtocolScore> {
  const found = await nearestTemplates(net, await embeddings(net, test), templates, similarity);
  const correct = found.filter((label, index) => label === test[index]!.label).length;
  return { ...name, correct, trials: test.length };
}

/** What the features give without a network: the class of the sample with the largest inner product. */
function nearestNeighbour(
  known: readonly PersonFeatures[],
  test: readonly PersonFeatures[],
  protocol: ProtocolScore['protocol'],
): ProtocolScore {
  const product = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
    return sum;
  };
  let correct = 0;
  for (const { features, label } of test) {
    let best = { product: Number.NEGATIVE_INFINITY, label: -1 };
    for (const one of known) {
      const found = product(one.features.values, features.values);
      if (found > best.product) best = { product: found, label: one.label };
    }
    if (best.label === label) correct++;
  }
  return { protocol, method: '1-NN', correct, trials: test.length };
}
