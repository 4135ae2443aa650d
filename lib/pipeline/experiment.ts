import { InputError } from '../base/index.js';
import type { EngineInfo } from '../engine/index.js';
import type { Measurement } from '../link/index.js';
import type { Rng } from '../math/index.js';
import type { Figure } from '../report/index.js';
import type { Json } from './canonical.js';
import type { GridParam, Param, Scalar } from './params.js';

/** One line of results: a measurement with experiment and seed filled in. */
export type Row = Measurement;

/**
 * What `measure` yields: a measurement without `experiment` and `seed`. The plain values of the point stand in
 * `params` of the finished row already; `params` here adds to them.
 */
export type NewRow = Omit<Measurement, 'experiment' | 'seed' | 'params'> & { params?: Measurement['params'] };

/** One unit of work of a sweep: a plain JSON object, which alone (with seed and id) decides the random stream. */
export type Point = { readonly [key: string]: Json };

/** The knobs of an experiment by name. */
export type Params = { readonly [name: string]: Param<unknown> };

/** The resolved config: the value of each parameter (a list of values for a grid). */
export type ConfigOf<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** A point of the default sweep: one value of each grid parameter. */
export type GridPointOf<P extends Params> = {
  readonly [K in keyof P & string as P[K]['grid'] extends true ? K : never]: ValueOf<P[K]>;
};

type ValueOf<P> = P extends GridParam<infer T> ? T & Scalar : never;

/** A named choice of parameter values, with what it costs to run: `{ cost: '4 minutes on two cores', images: 6 }`. */
export type Preset<P extends Params> = { readonly cost: string } & Partial<ConfigOf<P>>;

/** What figures can use besides the rows. */
export interface FigureContext<Config> {
  readonly config: Config;
  readonly seed: number;
  readonly runDir: string;
  readonly artefactDir: string;
  /** Bytes of an artefact that a point saved, or undefined. */
  artefact(name: string): Uint8Array | undefined;
}

/** What a measurement can use besides its point. */
export interface MeasureContext<Config> extends FigureContext<Config> {
  /** The stream of this point: it depends on seed, experiment id and the point's canonical JSON only. */
  readonly rng: Rng;
  readonly engine: EngineInfo;
  /** Saves bytes (a picture, weights) under `name` in the run's artefact folder, whole or not at all. */
  saveArtefact(name: string, bytes: Uint8Array | string): void;
  /** One line on standard error. */
  log(message: string): void;
  /** Share of this point that is done, 0 to 1. */
  progress(fraction: number): void;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/** What an author writes. See `defineExperiment`. */
export interface ExperimentSpec<P extends Params, Pt extends Point> {
  /** `family/name`, the same as its place under scripts/. */
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  /** One line for `semwave list`. */
  readonly purpose: string;
  readonly params: P;
  readonly presets: { readonly quick: Preset<P>; readonly paper: Preset<P> };
  /** The sweep. Left out: the product of all grid parameters, the last one varying fastest. */
  points?(config: ConfigOf<P>): readonly Pt[];
  /** Runs once, before any point (training that all points share); what it makes it saves as artefacts. */
  prepare?(ctx: MeasureContext<ConfigOf<P>>): Promise<void>;
  /** Measures one point. All randomness comes from `ctx.rng`, so that points run anywhere in any order. */
  measure(point: Pt, ctx: MeasureContext<ConfigOf<P>>): AsyncIterable<NewRow>;
  /** Draws the figures of the report from the rows. */
  figures(
    rows: readonly Row[],
    ctx: FigureContext<ConfigOf<P>>,
  ): readonly Figure[] | Promise<readonly Figure[]>;
}

/** An experiment as a value, with its sweep settled. */
export interface Experiment<P extends Params = Params, Pt extends Point = Point>
  extends ExperimentSpec<P, Pt> {
  readonly kind: 'semwave experiment';
  points(config: ConfigOf<P>): readonly Pt[];
}

/**
 * Makes an experiment from its description; types of `config` and `point` follow from `params` and `points`.
 * Values of defaults and presets are checked when a run resolves its config.
 * @throws InputError for an id or a parameter name that cannot be, or a preset that sets no parameter.
 */
export function defineExperiment<P extends Params, Pt extends Point = GridPointOf<P>>(
  spec: ExperimentSpec<P, Pt>,
): Experiment<P, Pt> {
  if (!/^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/.test(spec.id)) {
    throw new InputError(
      `experiment id ${JSON.stringify(spec.id)}; allowed: lower-case words joined by - and /, as jscc/awgn`,
    );
  }
  if ('cost' in spec.params) throw new InputError(`experiment ${spec.id}: a parameter cannot be called cost`);
  for (const [name, preset] of Object.entries(spec.presets)) {
    for (const key of Object.keys(preset)) {
      if (key !== 'cost' && !(key in spec.params)) {
        throw new InputError(
          `experiment ${spec.id}: preset ${name} sets ${key}, which is no parameter of it`,
        );
      }
    }
  }
  const points =
    spec.points?.bind(spec) ?? ((config: ConfigOf<P>) => gridProduct(spec.params, config) as unknown as Pt[]);
  return { ...spec, kind: 'semwave experiment', points };
}

function gridProduct(params: Params, config: Readonly<Record<string, unknown>>): Point[] {
  let points: Point[] = [{}];
  for (const [name, { grid }] of Object.entries(params)) {
    if (!grid) continue;
    const values = config[name] as readonly Json[];
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}
