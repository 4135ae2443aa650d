import { InputError, type NpyArray, readHdf5, readNpy, readNpz } from '../base/index.js';
import { type ImpulseModel, type ImpulseResponses, requireRequest, requireStorable } from './impulse.js';

/** Where the two arrays of recorded impulse responses are. */
export type ImpulseFile =
  /** An .npz archive; its arrays are named 'a' and 'tau' when names are left out. */
  | { npz: string; gains?: string; delays?: string }
  /** Two .npy files. */
  | { gainsNpy: string; delaysNpy: string };

/**
 * Reads impulse responses as Sionna and ray tracers write them: complex gains `a` of shape [batch, receivers,
 * receive antennas, transmitters, transmit antennas, paths, times] and delays `tau` in seconds of shape [batch,
 * receivers, transmitters, paths], both without the batch axis as well. Every pair of a receiver and a transmitter
 * is a link. Paths that a ray tracer pads with negative delays must have no gain.
 * @throws InputError when a file cannot be read, is no such array, or the shapes or values do not fit.
 */
export function readImpulseResponses(file: ImpulseFile): ImpulseResponses {
  if ('gainsNpy' in file) return fromSionna(readNpy(file.gainsNpy), readNpy(file.delaysNpy), file.gainsNpy);
  const { npz, gains = 'a', delays = 'tau' } = file;
  const arrays = readNpz(npz, [gains, delays]);
  return fromSionna(arrays[gains]!, arrays[delays]!, npz);
}

/**
 * The same from an HDF5 file, with the paths of its two datasets, `a` and `tau` when left out.
 * @throws InputError as `readImpulseResponses` does.
 */
export async function readImpulseResponsesHdf5(
  path: string,
  { gains = 'a', delays = 'tau' }: { gains?: string; delays?: string } = {},
): Promise<ImpulseResponses> {
  const arrays = await readHdf5(path, [gains, delays]);
  return fromSionna(arrays[gains]!, arrays[delays]!, path);
}

/**
 * Impulse responses of arrays in Sionna's layout, as `readImpulseResponses` says.
 * @param what how messages name the source
 * @throws InputError when the shapes or values do not fit.
 */
export function fromSionna(gains: NpyArray, delays: NpyArray, what: string): ImpulseResponses {
  const rank = gains.shape.length;
  const sides = rank === 6 ? [1, ...gains.shape] : gains.shape;
  const late = delays.shape.length === 3 && rank === 6 ? [1, ...delays.shape] : delays.shape;
  const [batch, receivers, receive, transmitters, transmit, paths, times] = sides as SevenSides;
  const expected = [batch, receivers, transmitters, paths];
  if (
    !gains.complex ||
    delays.complex ||
    sides.length !== 7 ||
    sides.includes(0) ||
    `${late}` !== `${expected}`
  ) {
    throw new InputError(
      `${what}: gains of shape (${gains.shape.join(', ')}) and delays of shape (${delays.shape.join(', ')}); allowed: complex [batch, rx, rx antennas, tx, tx antennas, paths, times] and real [batch, rx, tx, paths]`,
    );
  }
  const shape = { links: batch * receivers * transmitters, receive, transmit, paths, times };
  requireStorable(gains.values.length / 2);
  requireFinite(gains.values, `${what}: gains`);
  requireFinite(delays.values, `${what}: delays`);
  const out = new Float32Array(gains.values.length);
  const row = 2 * transmit * paths * times;
  // The receive antennas stand before the transmitters; a link wants them after.
  for (let from = 0; from < out.length / row; from++) {
    const transmitter = from % transmitters;
    const antenna = Math.floor(from / transmitters) % receive;
    const outer = Math.floor(from / (transmitters * receive));
    const to = (outer * transmitters + transmitter) * receive + antenna;
    out.set(gains.values.subarray(from * row, (from + 1) * row), to * row);
  }
  return { shape, gains: out, delaysSec: checkedDelays(delays.values, { shape, gains: out }, what) };
}

type SevenSides = [number, number, number, number, number, number, number];

function requireFinite(values: Float32Array | Float64Array, what: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`${what} hold ${values[bad]}; allowed: finite numbers`);
}

/** The delays, those of padding made 0. */
function checkedDelays(
  delays: Float32Array | Float64Array,
  { shape, gains }: Pick<ImpulseResponses, 'shape' | 'gains'>,
  what: string,
): Float64Array {
  const { receive, transmit, paths, times } = shape;
  return Float64Array.from(delays, (delay, index) => {
    if (delay >= 0) return delay;
    const [link, path] = [Math.floor(index / paths), index % paths];
    for (let pair = 0; pair < receive * transmit; pair++) {
      const at = 2 * ((link * receive * transmit + pair) * paths + path) * times;
      if (gains.subarray(at, at + 2 * times).some((value) => value !== 0)) {
        throw new InputError(`${what}: delay ${delay} of a path with gain; allowed: 0 and later`);
      }
    }
    return 0;
  });
}

/**
 * A model that draws links of recorded impulse responses, each with the same probability, with their first moments:
 * the caller asks for the period they were recorded with.
 * @param options.name how results name it
 */
export function recorded(responses: ImpulseResponses, options: { name: string }): ImpulseModel {
  const { links, receive, transmit, paths, times } = responses.shape;
  return {
    name: options.name,
    receive,
    transmit,
    draw(rng, request) {
      requireRequest(request, paths * receive * transmit);
      if (times !== 1 && request.times > times) {
        throw new InputError(`${request.times} moments of ${options.name}; allowed: ${times}, as recorded`);
      }
      const shape = { ...responses.shape, links: request.links, times: request.times };
      const delaysSec = new Float64Array(shape.links * paths);
      const gains = new Float32Array(2 * shape.links * receive * transmit * paths * shape.times);
      const rows = receive * transmit * paths;
      for (let link = 0; link < shape.links; link++) {
        const from = rng.integer(links);
        delaysSec.set(responses.delaysSec.subarray(from * paths, (from + 1) * paths), link * paths);
        for (let row = 0; row < rows; row++) {
          const source = responses.gains.subarray(
            2 * (from * rows + row) * times,
            2 * (from * rows + row + 1) * times,
          );
          copyTimes(source, gains, 2 * (link * rows + row) * shape.times, shape.times);
        }
      }
      return { shape, delaysSec, gains };
    },
  };
}

/** Writes the first moments of a row; a row of one moment stands still. */
function copyTimes(source: Float32Array, out: Float32Array, to: number, times: number): void {
  const moving = source.length > 2;
  for (let at = 0; at < 2 * times; at++) out[to + at] = source[moving ? at : at % 2]!;
}
