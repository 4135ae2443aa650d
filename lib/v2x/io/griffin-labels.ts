import { InputError, requireRange } from '../../base/index.js';
import { composePoses } from '../geometry/index.js';
import type { Pose, SceneObject } from '../types.js';

const RADIANS = Math.PI / 180;
const MAX_OBJECTS = 10_000;
/** Of every number: farther than any world, and small enough to compute with. */
const LARGEST = 1e9;
/** Letters of a type. */
const MAX_KIND = 100;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;
/** Columns of a label, by how many there are: the visibility may be missing, or the tilt as well. */
const COLUMNS = new Map<number, readonly string[]>([
  [12, ['x', 'y', 'z', 'l', 'w', 'h', 'roll', 'pitch', 'yaw', 'id', 'visibility']],
  [11, ['x', 'y', 'z', 'l', 'w', 'h', 'roll', 'pitch', 'yaw', 'id']],
  [9, ['x', 'y', 'z', 'l', 'w', 'h', 'yaw', 'id']],
]);

/**
 * The objects of a label file of one side, moved to the world. Rows with a value that is no finite number are left out.
 * @param side pose of the side's own frame in the world
 * @throws InputError for a row of another number of columns, or one that holds something else than numbers.
 */
export function parseGriffinLabels(text: string, side: Pose, what: string): SceneObject[] {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (rows.length > MAX_OBJECTS)
    throw new InputError(`${what}: ${rows.length} rows; allowed: up to ${MAX_OBJECTS}`);
  return rows.flatMap((row, place) => objectOf(row.split(/\s+/), side, `${what}: row ${place + 1}`) ?? []);
}

function objectOf(tokens: readonly string[], side: Pose, place: string): SceneObject | undefined {
  const columns = COLUMNS.get(tokens.length);
  if (!columns)
    throw new InputError(`${place} has ${tokens.length} columns; allowed: ${[...COLUMNS.keys()].join(', ')}`);
  const [kind, ...texts] = tokens as [string, ...string[]];
  const values = new Map(columns.map((column, i) => [column, numberOf(texts[i]!, place)]));
  const value = (column: string) => values.get(column) ?? 0;
  if (![...values.values()].every(Number.isFinite)) return undefined;
  for (const [column, number] of values) requireRange(`${place}: ${column}`, number, -LARGEST, LARGEST);
  const [length, width, height] = ['l', 'w', 'h'].map((column) =>
    requireRange(`${place}: ${column}`, value(column), 0, 1000, 'm'),
  ) as [number, number, number];
  const angles = {
    roll: value('roll') * RADIANS,
    pitch: value('pitch') * RADIANS,
    yaw: value('yaw') * RADIANS,
  };
  const pose = composePoses(side, { x: value('x'), y: value('y'), z: value('z'), ...angles });
  const visibility = values.get('visibility') ?? -1;
  return {
    id: String(value('id')),
    kind: kind.toLowerCase().slice(0, MAX_KIND),
    ...{ x: pose.x, y: pose.y, z: pose.z, length, width, height, yaw: pose.yaw },
    ...(visibility >= 0 && visibility <= 1 && { visibility }),
  };
}

function numberOf(token: string, place: string): number {
  const value = Number(token);
  if (Number.isNaN(value) && !NOT_FINITE.test(token)) {
    throw new InputError(
      `${place} has ${JSON.stringify(token.slice(0, 40))}; allowed: numbers after the type`,
    );
  }
  return value;
}
