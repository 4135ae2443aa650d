import { wernerWeight } from '../bell.js';
import type { Station } from './flow.js';
import type { NetworkProtocol } from './protocol.js';

/**
 * Fidelity that pairs of a stretch of `links` links must have for those of the whole path to reach the request's, were
 * they Werner states that nothing but swaps wears: every link gives the same share of the weight w = (4F - 1)/3, which
 * multiplies under swapping, and each station's gate and readout errors take theirs.
 * @param stations those that swap, between the ends
 * @returns undefined when even perfect links would not do
 */
export function stretchFidelity(
  minFidelity: number,
  stations: readonly Station[],
): ((links: number) => number) | undefined {
  const hops = stations.length + 1;
  const whole = Math.max(0, wernerWeight(minFidelity));
  const lost = stations.reduce((product, station) => product * swapWeight(station), 1);
  const link = lost > 0 ? (whole / lost) ** (1 / hops) : Number.POSITIVE_INFINITY;
  if (whole > 0 && link > 1) return undefined;
  const perSwap = hops > 1 ? lost ** (1 / (hops - 1)) : 1;
  return (links) => (links === hops ? minFidelity : (1 + 3 * link ** links * perSwap ** (links - 1)) / 4);
}

/** What a swap leaves of the weight of a Werner state: its gate acts, and both bits are read right or made up for. */
function swapWeight({ swapErrors: { gateFidelity = 1, readoutFidelity = 1 } }: Station): number {
  return gateFidelity * wernerWeight(readoutFidelity ** 2);
}

/** Fidelity that a stretch of `links` of `hops` links is purified to, as the protocol has it. */
export function targetFidelity(
  protocol: NetworkProtocol,
  minFidelity: number,
  share: ((links: number) => number) | undefined,
  links: number,
  hops: number,
): number {
  if (links === hops) return minFidelity;
  if (protocol.purification === 'none') return 0;
  return protocol.stretchFidelity === 'request' || !share ? minFidelity : share(links);
}
