import { InputError } from '../base/index.js';
import type { Json } from './canonical.js';
import { canonicalJson } from './canonical.js';
import type { Experiment, Point } from './experiment.js';
import { nearest } from './near.js';
import type { Param } from './params.js';

/** Names of the presets that every experiment has. */
export type PresetName = 'quick' | 'paper';

/** A config with every parameter set, as plain JSON. */
export type Config = { readonly [name: string]: Json };

/**
 * The config of a run: defaults, then the preset, then each `key=value` of `sets` in turn.
 * @throws InputError for an unknown preset or key, a value of the wrong type or out of range.
 */
export function resolveConfig(experiment: Experiment, preset: string, sets: readonly string[] = []): Config {
  const config: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(experiment.params)) {
    config[name] = checked(name, param, param.default, `default of ${experiment.id}`);
  }
  const { cost: _cost, ...values } = presetOf(experiment, preset);
  for (const [name, value] of Object.entries(values)) {
    config[name] = checked(name, paramOf(experiment, name), value, `preset ${preset} of ${experiment.id}`);
  }
  for (const text of sets) {
    const at = text.indexOf('=');
    if (at < 1) throw new InputError(`--set ${JSON.stringify(text)}; allowed: --set key=value`);
    const name = text.slice(0, at);
    const param = paramOf(experiment, name);
    config[name] = checked(name, param, param.read(text.slice(at + 1)), '--set', text.slice(at + 1));
  }
  return config as Config;
}

/**
 * The points of the sweep: at least one, all different, plain JSON.
 * @throws InputError when the config leaves none.
 */
export function resolvePoints(experiment: Experiment, config: Config): readonly Point[] {
  const points = experiment.points(config);
  if (points.length === 0)
    throw new InputError(`experiment ${experiment.id} has no point to measure with this config`);
  const seen = new Set(points.map((point) => canonicalJson(point)));
  if (seen.size < points.length)
    throw new TypeError(`experiment ${experiment.id}: two of its points are equal`);
  return points;
}

function presetOf(experiment: Experiment, name: string) {
  const preset = Object.hasOwn(experiment.presets, name) ? experiment.presets[name as PresetName] : undefined;
  if (preset) return preset;
  throw new InputError(
    `preset is ${JSON.stringify(name)}; allowed: ${Object.keys(experiment.presets).join(', ')}`,
  );
}

function paramOf(experiment: Experiment, name: string): Param<unknown> {
  const param = Object.hasOwn(experiment.params, name) ? experiment.params[name] : undefined;
  if (param) return param;
  const names = Object.keys(experiment.params);
  const [near] = nearest(name, names);
  const hint = near ? `; did you mean ${near}?` : ';';
  throw new InputError(
    `${experiment.id} has no parameter ${JSON.stringify(name)}${hint} allowed: ${names.join(', ') || 'none'}`,
  );
}

function checked(
  name: string,
  param: Param<unknown>,
  value: unknown,
  where: string,
  shown?: string,
): unknown {
  const result = param.schema.safeParse(value);
  if (result.success) return result.data;
  const found = JSON.stringify(shown ?? value);
  throw new InputError(`${where}: ${name} is ${found}; allowed: ${param.range}`);
}
