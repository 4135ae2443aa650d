import { z } from 'zod';
import { InputError } from '../../base/index.js';
import { type DataFolder, isInside } from './folder.js';
import { jsonRecords } from './records.js';
import { identifier, microseconds, quaternion, sizes3, vector3 } from './values.js';

const token = z.string().max(100);

const sceneSchema = z.object({ token, name: z.string().max(200) });
const sampleSchema = z.object({ token, timestamp: microseconds, scene_token: token });
const sensorSchema = z.object({ token, channel: z.string().max(100) });
const mountSchema = z.object({ token, sensor_token: token, translation: vector3, rotation: quaternion });
const cloudSchema = z.object({
  sample_token: token,
  ego_pose_token: token,
  calibrated_sensor_token: token,
  timestamp: microseconds,
  filename: z.string().max(1000),
  is_key_frame: z.boolean().default(true),
});
const placeSchema = z.object({ token, translation: vector3, rotation: quaternion });
const annotationSchema = z.object({
  sample_token: token,
  instance_token: token,
  visibility_token: identifier.nullish(),
  translation: vector3,
  size: sizes3,
  rotation: quaternion,
});
const instanceSchema = z.object({ token, category_token: token });
const categorySchema = z.object({ token, name: z.string().max(200) });
const levelSchema = z.object({ token: identifier, level: z.string().max(40) });

export type Scene = z.output<typeof sceneSchema>;
export type Sample = z.output<typeof sampleSchema>;
export type Mount = z.output<typeof mountSchema>;
export type Place = z.output<typeof placeSchema>;
export type Annotation = z.output<typeof annotationSchema>;

/** The cloud of one LiDAR at one sample; what lies between samples is left out. */
export interface CloudEntry extends z.output<typeof cloudSchema> {
  /** What its channel's pattern matched first. */
  readonly agent: string;
}

/** The tables of a data set in nuScenes' schema, as far as scenes are made of them. */
export interface NuscenesTables {
  readonly scenes: readonly Scene[];
  /** By their scene, in order of time. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** By their sample. */
  readonly clouds: ReadonlyMap<string, readonly CloudEntry[]>;
  readonly mounts: ReadonlyMap<string, Mount>;
  /** Where the clouds' vehicles were, by token; read at the first use. */
  readonly places: () => ReadonlyMap<string, Place>;
  /** By their sample; read at the first use. */
  readonly annotations: () => ReadonlyMap<string, readonly Annotation[]>;
  /** What an annotated instance is called. */
  readonly kindOf: (instance: string) => string;
  /** The text of a visibility level. */
  readonly levels: ReadonlyMap<string, string>;
}

/** Large, since full releases list every camera picture too; records are parsed one at a time. */
const TABLE_BYTES = 2 ** 30;
const MAX_OBJECTS = 10_000;

/**
 * Opens the tables in a folder of a data set.
 * @param channel which sensors count as LiDARs; its first group names the agent
 * @throws InputError when a table is missing or damaged.
 */
export function openTables(folder: DataFolder, version: string, channel: RegExp): NuscenesTables {
  const table = <S extends z.ZodType>(name: string, schema: S) =>
    jsonRecords(folder, `${version}/${name}.json`, TABLE_BYTES, schema);
  const channels = new Map(
    [...table('sensor', sensorSchema)].map((sensor) => [sensor.token, sensor.channel]),
  );
  const mounts = byToken(table('calibrated_sensor', mountSchema));
  const agentOf = ({ calibrated_sensor_token }: z.output<typeof cloudSchema>) =>
    channel.exec(channels.get(mounts.get(calibrated_sensor_token)?.sensor_token ?? '') ?? '')?.[1];
  const clouds: CloudEntry[] = [];
  for (const entry of table('sample_data', cloudSchema)) {
    const agent = agentOf(entry);
    if (agent !== undefined && entry.is_key_frame) clouds.push({ ...entry, agent });
  }
  const samples = [...table('sample', sampleSchema)].sort((a, b) => a.timestamp - b.timestamp);
  const categories = new Map([...table('category', categorySchema)].map((one) => [one.token, one.name]));
  const kinds = new Map([...table('instance', instanceSchema)].map((one) => [one.token, one.category_token]));
  const hasLevels = isInside(folder, `${version}/visibility.json`);
  return {
    scenes: [...table('scene', sceneSchema)],
    samples: groupBy(samples, ({ scene_token }) => scene_token),
    clouds: groupBy(clouds, ({ sample_token }) => sample_token),
    mounts,
    places: once(() => placesOf(table('ego_pose', placeSchema), clouds)),
    annotations: once(() =>
      groupBy(limited(folder, table('sample_annotation', annotationSchema)), (one) => one.sample_token),
    ),
    kindOf: (instance) => categories.get(kinds.get(instance) ?? '') ?? 'unknown',
    levels: new Map(
      hasLevels ? [...table('visibility', levelSchema)].map((one) => [one.token, one.level]) : [],
    ),
  };
}

/**
 * What a token points to.
 * @throws InputError naming the table when it points to nothing.
 */
export function requireToken<T>(entries: ReadonlyMap<string, T>, name: string, table: string): T {
  const found = entries.get(name);
  if (!found) throw new InputError(`${table}: no record of token ${JSON.stringify(name)}`);
  return found;
}

function placesOf(all: Iterable<Place>, clouds: readonly CloudEntry[]): Map<string, Place> {
  const wanted = new Set(clouds.map(({ ego_pose_token }) => ego_pose_token));
  const places = new Map<string, Place>();
  for (const place of all) if (wanted.has(place.token)) places.set(place.token, place);
  return places;
}

/** Refuses a sample of too many objects as soon as that is seen. */
function* limited({ name }: DataFolder, entries: Iterable<Annotation>): Generator<Annotation> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const { sample_token } = entry;
    const count = (counts.get(sample_token) ?? 0) + 1;
    if (count > MAX_OBJECTS)
      throw new InputError(
        `${name}: sample_annotation: over ${MAX_OBJECTS} of sample ${JSON.stringify(sample_token)}; allowed: up to ${MAX_OBJECTS}`,
      );
    counts.set(sample_token, count);
    yield entry;
  }
}

function byToken<T extends { readonly token: string }>(entries: Iterable<T>): Map<string, T> {
  return new Map([...entries].map((entry) => [entry.token, entry]));
}

function groupBy<T>(entries: Iterable<T>, keyOf: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
