import { requireChoice, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { lossyPipe } from './pipe.js';
import type { V2xLink } from './types.js';

/** How long a message takes in the evaluations that OpenCOOD made common. */
export type FrameDelay =
  /** Always the same. */
  | { kind: 'constant'; delaySec: number }
  /** A uniform part up to `overheadSec`, the bits over the rate (27 Mb/s when left out), and the backbone's part. */
  | { kind: 'real'; overheadSec: number; backboneSec: number; rateMbps?: number };

/**
 * Delay of one message by the model, before it is rounded to frames.
 * @param bytes 0 and above
 * @throws InputError for an unknown kind, when a number is negative, or the rate below 1e-6 Mb/s.
 */
export function messageDelaySec(model: FrameDelay, bytes: number, rng: Rng): number {
  requireRange('bytes', bytes, 0, Number.MAX_SAFE_INTEGER);
  requireChoice('kind', model.kind, ['constant', 'real']);
  if (model.kind === 'constant') return requireRange('delaySec', model.delaySec, 0, 1000, 's');
  const overheadSec = requireRange('overheadSec', model.overheadSec, 0, 1000, 's');
  const backboneSec = requireRange('backboneSec', model.backboneSec, 0, 1000, 's');
  const rateMbps = requireRange('rateMbps', model.rateMbps ?? 27, 1e-6, 1e9, 'Mb/s');
  return rng.uniform(0, overheadSec) + (8 * bytes) / (rateMbps * 1e6) + backboneSec;
}

/** Whole frames within a delay: a message is that many frames old, and a delay below one frame is none. */
export function framesOf(delaySec: number, frameSec = 0.1): number {
  requireRange('frameSec', frameSec, 1e-6, 1000, 's');
  // A delay of three frames in floating point may be a hair less.
  return Math.floor(requireRange('delaySec', delaySec, 0, 1e9, 's') / frameSec + 1e-9);
}

/**
 * A link whose messages arrive a whole number of frames after they were sent, by a delay model; nothing is lost and
 * nobody waits for anybody.
 * @param options.frameSec 0.1 when left out
 * @throws InputError as `messageDelaySec`, when a message is sent.
 */
export function frameDelayLink(options: { model: FrameDelay; rng: Rng; frameSec?: number }): V2xLink {
  const { model, rng, frameSec = 0.1 } = options;
  return lossyPipe(`${model.kind} delay`, {}, ({ sentSec, bytes }) => {
    const frames = framesOf(messageDelaySec(model, bytes.length, rng), frameSec);
    return [sentSec + frames * frameSec];
  });
}
