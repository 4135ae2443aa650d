/**
 * A contender on the tfjs API, in a process of its own because threads are fixed at the start:
 * worker.ts ENGINE THREADS NETWORK SAMPLE. Speaks the line protocol of `contender.ts`.
 */
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { type EngineInfo, type EngineName, jit, useEngine } from '../../../lib/engine/index.js';
import { Rng } from '../../../lib/math/index.js';
import { adam, assignTree, flatten, type Gradients, type ParameterTree } from '../../../lib/nn/index.js';
import { type Inputs, type Network, type NetworkName, networks, toInputs } from './networks/index.js';
import { readSample } from './sample.js';
import { startTfjsNode } from './tfjs-node.js';

function startEngine(name: string, threads: number): Promise<Pick<EngineInfo, 'threads' | 'version'>> {
  return name === 'tfjs-node'
    ? startTfjsNode(process.env.TFJS_NODE, threads)
    : useEngine(name as EngineName, { threads });
}

/** One training step or one inference; answers with the tensor that is read at its end. */
type Work = () => tf.Tensor;

function trainingStep(tree: ParameterTree, network: Network, inputs: Inputs<string>): Work {
  const variables = flatten(tree);
  const list = [...variables.values()];
  const optimiser = adam(tree, { learningRate: 1e-3 });
  const evaluate = jit((given: Inputs<string>) =>
    tf.variableGrads(() => network.loss(tree, given) as tf.Scalar, list),
  );
  return () => {
    const { value, grads } = evaluate(inputs);
    const gradients: Gradients = new Map();
    for (const [name, variable] of variables) gradients.set(name, grads[variable.name]!);
    optimiser.step(gradients);
    tf.dispose(grads);
    return value;
  };
}

async function timed(work: Work): Promise<{ ms: number; values: ArrayLike<number> }> {
  const start = performance.now();
  const result = work();
  const values = await result.data();
  const ms = performance.now() - start;
  result.dispose();
  return { ms, values };
}

async function main(engine: string, threads: number, name: NetworkName, sample: string): Promise<void> {
  const info = await startEngine(engine, threads);
  const network = networks[name];
  const { weights, inputs: values } = readSample(sample);
  const tree = network.init(Rng.of(0));
  assignTree(tree, weights);
  const inputs = toInputs(network, values);
  const forward = jit((given: Inputs<string>) => network.forward(tree, given));
  const modes: Record<string, Work> = {
    train: trainingStep(tree, network, inputs),
    infer: () => forward(inputs),
  };
  const losses: number[] = [];
  for (let i = 0; i < 2; i++) losses.push((await timed(modes.train!)).values[0]!);
  say({ threads: info.threads, version: info.version, losses });
  for await (const line of createInterface({ input: process.stdin })) {
    const [mode, count] = line.split(' ') as [string, string];
    const ms: number[] = [];
    for (let i = 0; i < Number(count); i++) ms.push((await timed(modes[mode]!)).ms);
    say({ ms });
  }
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

const [engine, threads, name, sample] = process.argv.slice(2) as [string, string, NetworkName, string];
main(engine, Number(threads), name, sample).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
