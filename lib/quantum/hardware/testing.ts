import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/**
 * A schema whose every parameter must change what a simulation gives: the guard against settings that are read, checked
 * and then forgotten. Each folder with schemas walks them in its `parameters.test.ts`.
 */
export interface ParameterWalk {
  name: string;
  schema: z.ZodType;
  /** A configuration in which every parameter has something to act on. */
  base: object;
  /** For each parameter, by its path (`station.detector.efficiency`), another value than that of `base`. */
  changes: Readonly<Record<string, unknown>>;
  /** Runs a simulation of a configuration, with a fixed seed; its outcome in numbers. */
  simulate(config: object): unknown;
}

/** Paths of all parameters of a schema; of a union, those of the option that `value` is of. */
export function parametersOf(schema: z.ZodType, value: unknown, path = ''): string[] {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = bare.def;
    const kind = (value as Record<string, unknown> | undefined)?.[discriminator];
    const option = bare.options
      .map((each) => unwrapped(each as z.ZodType) as z.ZodObject)
      .find(({ shape }) => (shape[discriminator] as z.ZodLiteral).value === kind);
    if (!option) return [path];
    return fieldsOf(option, value, path).filter((field) => field !== `${path}.${discriminator}`);
  }
  return bare instanceof z.ZodObject ? fieldsOf(bare, value, path) : [path];
}

function fieldsOf({ shape }: z.ZodObject, value: unknown, path: string): string[] {
  return Object.entries(shape).flatMap(([key, field]) =>
    parametersOf(
      field as z.ZodType,
      (value as Record<string, unknown> | undefined)?.[key],
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

/** A schema without its defaults and its freezing. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return innerType ? unwrapped(innerType) : schema;
}

/** A configuration with one parameter changed. */
export function changed(base: object, path: string, value: unknown): object {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  const inner = (base as Record<string, unknown>)[key];
  return {
    ...base,
    [key]: rest.length === 0 ? value : changed((inner as object) ?? {}, rest.join('.'), value),
  };
}

/** The same changes one level deeper. */
export function under(prefix: string, changes: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).map(([path, value]) => [`${prefix}.${path}`, value]));
}

/** Tests that a change of any parameter changes the result, and that an unknown one is refused. */
export function walkParameters(walks: readonly ParameterWalk[]): void {
  describe.each(walks)('parameters: $name', ({ schema, base, changes, simulate }) => {
    const paths = parametersOf(schema, base);

    it('has a change for every parameter', () => {
      expect(Object.keys(changes).sort()).toEqual([...paths].sort());
    });

    it('gives another result when any parameter changes', () => {
      const before = JSON.stringify(simulate(base));
      expect(JSON.stringify(simulate(base))).toBe(before);
      const silent = paths.filter(
        (path) => JSON.stringify(simulate(changed(base, path, changes[path]))) === before,
      );
      expect(silent).toEqual([]);
    });

    it('refuses a parameter it does not know', () => {
      const result = schema.safeParse({ ...base, efficency: 0.5 });
      expect(result.success).toBe(false);
      expect(result.error!.issues[0]!.message).toContain('efficency');
    });
  });
}

/** A detector in which every parameter acts, and another value for each. */
export const detectorOn = { darkCountRateHz: 2e5, deadTimeSec: 1e-7, jitterSec: 4e-11 };
export const detectorChanges = {
  efficiency: 0.5,
  darkCountRateHz: 1e7,
  deadTimeSec: 1e-5,
  timeResolutionSec: 3e-11,
  jitterSec: 1e-10,
};
