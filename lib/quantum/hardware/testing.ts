import { z } from 'zod';

/**
 * A schema whose every parameter must change what a simulation gives: the guard against settings that are read, checked
 * and then forgotten. A builder of hardware adds one to `parameters.test.ts`.
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
    const kind = (value as { kind?: string } | undefined)?.kind;
    const option = bare.options
      .map((each) => unwrapped(each as z.ZodType) as z.ZodObject)
      .find(({ shape }) => (shape.kind as z.ZodLiteral).value === kind);
    return option ? fieldsOf(option, value, path).filter((field) => field !== `${path}.kind`) : [path];
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
