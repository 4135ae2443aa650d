/** Entanglement generation over one link: its configuration, its closed form, and two simulations that agree with it. */
import type { Rng } from '../../math/index.js';
import type { Kernel } from '../des/types.js';
import { attemptLink } from './attempts.js';
import type { Link } from './config.js';
import { linkModel } from './model.js';
import { skipAheadLink } from './skip-ahead.js';
import type { EntanglementLink, LinkOptions } from './types.js';

export { attemptLink } from './attempts.js';
export {
  type Link,
  type LinkInput,
  type LinkScheme,
  type LinkSchemeInput,
  link,
  linkSchema,
  midpointLink,
} from './config.js';
export { alwaysSucceeds, type LinkModel, linkModel } from './model.js';
export { pairStateAt, release } from './pair.js';
export { skipAheadLink } from './skip-ahead.js';
export { type HeldPair, keepGenerating, type PairHandler } from './source.js';
export type { LinkTiming } from './timing.js';
export {
  type EntanglementLink,
  type Generation,
  type HeraldedPair,
  type LinkOptions,
  type MemoryUnit,
  memoryUnit,
  type PairRequest,
} from './types.js';

/** `attempts` simulates every photon; `skip-ahead` draws the number of attempts, at one event a pair. */
export type LinkMode = 'attempts' | 'skip-ahead';

/**
 * A link on a kernel.
 * @param rng the link's own stream (`entityStreams`)
 * @throws InputError as `linkModel`.
 */
export function entanglementLink(
  kernel: Kernel,
  config: Link,
  rng: Rng,
  { mode = 'attempts', ...options }: LinkOptions & { mode?: LinkMode } = {},
): EntanglementLink {
  return mode === 'attempts'
    ? attemptLink(kernel, config, rng, options)
    : skipAheadLink(kernel, linkModel(config), rng, options);
}
