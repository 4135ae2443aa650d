import { InputError } from '../base/index.js';
import { type Experiment, nearest } from '../pipeline/index.js';

/** A non-negative integer given as text. @throws InputError naming the option. */
export function readInteger(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InputError(`${option} is ${JSON.stringify(text)}; allowed: an integer from 0 to 999999999999999`);
}

/** `2/4` as the second of four shards. @throws InputError. */
export function readShard(text: string): { i: number; n: number } {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [i, n] = [Number(match?.[1]), Number(match?.[2])];
  if (match && i >= 1 && i <= n) return { i, n };
  throw new InputError(`--shard is ${JSON.stringify(text)}; allowed: i/n with i from 1 to n, as 1/4`);
}

/**
 * Turns what `run` does not know itself into `key=value`: `--train` into `train=true`, `--images=6` into `images=6`.
 * @throws InputError for an option that is no parameter of the experiment either, and for a second operand.
 */
export function readFlags(rest: readonly string[], experiment: Experiment): string[] {
  return rest.map((word) => {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (!match?.[1])
      throw new InputError(
        `unexpected argument ${JSON.stringify(word)}; allowed: one experiment, then options`,
      );
    const [, key, value] = match;
    const param = Object.hasOwn(experiment.params, key) ? experiment.params[key] : undefined;
    if (!param) throw new InputError(`unknown option --${key}${hint(key, experiment)}`);
    if (value === undefined && typeof param.default !== 'boolean') {
      throw new InputError(`--${key} needs a value: --set ${key}=…; allowed: ${param.range}`);
    }
    return `${key}=${value ?? 'true'}`;
  });
}

const OWN_OPTIONS = [
  'preset',
  'seed',
  'out',
  'set',
  'workers',
  'engine',
  'shard',
  'no-report',
  'debug',
  'help',
];

function hint(key: string, experiment: Experiment): string {
  const [near] = nearest(key, [...OWN_OPTIONS, ...Object.keys(experiment.params)]);
  return near
    ? `; did you mean --${near}?`
    : `; semwave run --help and semwave list ${experiment.id} show what there is`;
}
