import { z } from 'zod';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

const orText = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.length < 60 && NUMBER.test(value) ? Number(value) : value),
    schema,
  );

/** A finite number, which may be written as text. */
export const numberValue = orText(z.number().min(-1e9).max(1e9));
/** A size in metres. */
export const sizeValue = orText(z.number().min(0).max(1000));
/** Microseconds since any start, which may be written as text. */
export const microseconds = orText(z.number().min(0).max(1e17));
/** A name or number that identifies something. */
export const identifier = z.union([z.string().max(200), z.number()]).transform(String);

export const vector3 = z.tuple([numberValue, numberValue, numberValue]);
export const sizes3 = z.tuple([sizeValue, sizeValue, sizeValue]);
/** A vector written as a column: [[x], [y], [z]], or as a row. */
export const column3 = z.preprocess(
  (value) =>
    Array.isArray(value) && value.length === 3
      ? value.map((row: unknown) => (Array.isArray(row) && row.length === 1 ? (row[0] as unknown) : row))
      : value,
  vector3,
);
export const rotation3 = z.tuple([vector3, vector3, vector3]);
const vector4 = z.tuple([numberValue, numberValue, numberValue, numberValue]);
export const matrix4 = z.tuple([vector4, vector4, vector4, vector4]);
/** A unit quaternion w, x, y, z. */
export const quaternion = vector4.refine(
  (q) => Math.abs(Math.hypot(...q) - 1) < 0.01,
  'a quaternion whose length is not 1',
);
