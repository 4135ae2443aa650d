import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import type { OnnxBackend } from './backend.js';
import { sizeOf } from './builder.js';
import { escaped } from './graph.js';
import { SteadyRunner } from './steady.js';
import { type HostArray, Value } from './values.js';

/** A function of tensors; what it makes and does not return, it does not keep. */
export type TensorFunction = (inputs: tf.Tensor[]) => tf.Tensor[];

/** Where a host value is found anew in each replay: a part of an argument or of a variable. */
interface Place {
  of: tf.Variable | number;
  part: number;
}

/** What an output or feed is: a place, a result of the graph (by its number), or a value frozen in the trace. */
type Origin = { place: Place } | { result: number } | { frozen: Value };

/** A tensor that a replay makes. */
interface Recipe {
  shape: readonly number[];
  leaves: { type: Value['type']; origin: Origin }[];
}

/** A function compiled for one set of input shapes. */
export class Trace {
  private readonly variables: tf.Variable[];
  private readonly runner: SteadyRunner;

  constructor(
    private readonly backend: OnnxBackend,
    private readonly key: string | undefined,
    private readonly feeds: Origin[],
    private readonly results: Recipe[],
    private readonly assigned: [tf.Variable, Recipe][],
  ) {
    const recipes = [...results, ...assigned.map(([, recipe]) => recipe)];
    const origins = [...feeds, ...recipes.flatMap(({ leaves }) => leaves.map(({ origin }) => origin))];
    const read = origins.flatMap((origin) =>
      'place' in origin && typeof origin.place.of !== 'number' ? [origin.place.of] : [],
    );
    this.variables = [...new Set([...read, ...assigned.map(([variable]) => variable)])];
    this.runner = new SteadyRunner(assigned.length > 0 ? [] : steadyFeeds(feeds));
  }

  /**
   * Runs the compiled function; its results, or undefined when the engine has dropped the compiled graph.
   * @throws InputError when a variable of the trace was disposed, or the graph fails.
   */
  replay(args: readonly tf.Tensor[]): tf.Tensor[] | undefined {
    const { backend } = this;
    for (const variable of this.variables) if (variable.isDisposed) throw disposedError(variable);
    const plan = this.key === undefined ? undefined : backend.graph.compiled(this.key);
    if (!plan && this.key !== undefined) return undefined;
    const valuesOf = (origin: Origin, computed: readonly HostArray[]): HostArray => {
      if ('result' in origin) return computed[origin.result]!;
      if ('frozen' in origin) return backend.valuesOf(origin.frozen);
      const { of, part } = origin.place;
      return backend.valuesOf(backend.leaves(typeof of === 'number' ? args[of]! : of)[part]!);
    };
    const computed = plan
      ? this.runner.run(
          plan,
          this.feeds.map((feed) => valuesOf(feed, [])),
        )
      : [];
    const make = ({ shape, leaves }: Recipe): tf.Tensor => {
      const values = leaves.map(({ type, origin }) => new Value(type, shape, valuesOf(origin, computed)));
      return backend.fromLeaves(values, shape);
    };
    const results = this.results.map(make);
    // All are made before the first is assigned, since one may be made of another's former value.
    const updates = this.assigned.map(([variable, recipe]) => ({ variable, value: make(recipe) }));
    for (const { variable, value } of updates) {
      variable.assign(value);
      value.dispose();
    }
    return results;
  }
}

/** Numbers of the feeds that are variables or frozen: where the function assigns none, they seldom change. */
function steadyFeeds(feeds: readonly Origin[]): number[] {
  return feeds.flatMap((origin, i) =>
    'frozen' in origin || ('place' in origin && typeof origin.place.of !== 'number') ? [i] : [],
  );
}

function disposedError({ name, shape }: tf.Variable): InputError {
  return new InputError(
    `jit: variable ${name} of shape [${shape}] is disposed, but the function was traced with it; allowed: variables that outlive the function`,
  );
}

/**
 * Records `fn` on tensors and variables without values and compiles it. Variables are as before afterwards.
 * @throws InputError when `fn` reads a value, or makes or disposes a variable.
 */
export function trace(backend: OnnxBackend, fn: TensorFunction, args: readonly tf.Tensor[]): Trace {
  const blanks = new Blanks(backend);
  const inputs: tf.Tensor[] = [];
  const results: tf.Tensor[] = [];
  const variables = new SetAside(blanks);
  try {
    const { key, feeds, outputs } = backend.graph.trace(() => {
      variables.replace();
      for (const [i, tensor] of args.entries()) inputs.push(blanks.like(tensor, i));
      results.push(...tf.tidy(() => fn(inputs).map((tensor) => tf.clone(tensor))));
      variables.requireSame();
    });
    const numbers = new Map(outputs.map((value, number) => [value, number]));
    const originOf = (value: Value): Origin => {
      const result = numbers.get(value);
      if (result !== undefined) return { result };
      const place = blanks.places.get(value);
      return place ? { place } : { frozen: value };
    };
    const recipe = (tensor: tf.Tensor): Recipe => ({
      shape: tensor.shape,
      leaves: backend.leaves(tensor).map((value) => ({ type: value.type, origin: originOf(value) })),
    });
    return new Trace(
      backend,
      outputs.length > 0 ? key : undefined,
      feeds.map(({ value }) => originOf(value)),
      results.map(recipe),
      variables.changed().map((variable) => [variable, recipe(variable)]),
    );
  } finally {
    tf.dispose([...inputs, ...results]);
    variables.restore();
    blanks.close();
  }
}

/** Tensors that stand for arguments and variables while a function is traced: they have a shape and no values. */
class Blanks {
  readonly places = new Map<Value, Place>();

  constructor(readonly backend: OnnxBackend) {}

  like({ dtype, shape }: tf.Tensor, of: Place['of']): tf.Tensor {
    if (dtype === 'string') throw new InputError('jit: an argument is of strings; allowed: numbers');
    const parts = dtype === 'complex64' ? (['float32', 'float32'] as const) : [dtype];
    const values = parts.map((type, part) => {
      const value = new Value(type, shape);
      // Nothing is in an empty tensor that could change.
      if (sizeOf(shape) === 0) value.values = new Float32Array(0);
      else this.places.set(value, { of, part });
      return value;
    });
    return this.backend.fromLeaves(values, shape);
  }

  close(): void {
    for (const value of this.places.keys()) value.fail(new InputError(escaped));
  }
}

/** All variables there are, with blanks in their place. */
class SetAside {
  private readonly before: { variable: tf.Variable; tensor: tf.Tensor; blank: Value[] }[] = [];

  constructor(private readonly blanks: Blanks) {}

  replace(): void {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (variable.dtype === 'string') continue;
      const tensor = tf.keep(tf.clone(variable));
      const blank = this.blanks.like(variable, variable);
      this.before.push({ variable, tensor, blank: this.blanks.backend.leaves(blank) });
      variable.assign(blank);
      blank.dispose();
    }
  }

  /** @throws InputError when a variable was made or disposed since: a replay could not repeat that. */
  requireSame(): void {
    const known = new Set(this.before.map(({ variable }) => variable));
    const made = Object.values(tf.engine().registeredVariables).filter(
      (variable) => variable.dtype !== 'string' && !known.has(variable),
    );
    for (const variable of made) variable.dispose();
    const first = made[0];
    if (first) {
      throw new InputError(
        `jit: the function makes a variable of shape [${first.shape}]; allowed: variables made before`,
      );
    }
    for (const variable of known) if (variable.isDisposed) throw disposedError(variable);
  }

  changed(): tf.Variable[] {
    const { backend } = this.blanks;
    return this.before
      .filter(({ variable, blank }) => backend.leaves(variable).some((value, i) => value !== blank[i]))
      .map(({ variable }) => variable);
  }

  restore(): void {
    for (const { variable, tensor } of this.before) {
      if (!variable.isDisposed) variable.assign(tensor);
      tensor.dispose();
    }
  }
}
