import { InputError } from '../../base/index.js';
import { classicalDelayPs, fibreDelayPs } from '../hardware/fibre.js';
import { resetPs } from '../hardware/memory.js';
import { stationWindow } from '../hardware/station.js';
import { PS_PER_SEC } from '../units.js';
import type { Link, LinkScheme } from './config.js';

/** A value for the left and for the right arm of a link. */
export type Both = readonly [left: number, right: number];

/** What sets the pace of a link; integer picoseconds. */
export interface LinkTiming {
  slotPs: number;
  /** Delay of the photons. */
  photonPs: Both;
  /** Delay of the heralds. */
  messagePs: Both;
  /** Reset of the memories. */
  resetPs: Both;
  localPs: number;
  /** Half of the station's window, rounded up: its outcome is known so long after the photons were due. */
  halfWindowPs: number;
  /** Delay of a message from node to node where rounds are negotiated, else zero. */
  negotiationPs: number;
}

/** @throws InputError when the window of the station is longer than a slot, or a delay is past 2^53 - 1 ps. */
export function linkTiming({ scheme, left, right, ...rest }: Link): LinkTiming {
  const fibres: Both = [fibreDelayPs(left.fibre), fibreDelayPs(right.fibre)];
  const message = ({ classical, fibre }: Link['left']) =>
    classicalDelayPs(
      classical ?? { lengthKm: fibre.lengthKm, speedKmPerSec: fibre.speedKmPerSec, overheadSec: 0 },
    );
  const messages: Both = [message(left), message(right)];
  const whole = ([a, b]: Both) => a + b;
  const direct = scheme.kind === 'sender-receiver';
  const slotPs = Math.max(1, Math.round(rest.slotSec * PS_PER_SEC));
  return {
    slotPs,
    photonPs: direct ? [whole(fibres), 0] : fibres,
    messagePs: direct ? [whole(messages), 0] : messages,
    resetPs: [resetPs(left.memory), resetPs(right.memory)],
    localPs: Math.round(rest.localSec * PS_PER_SEC),
    halfWindowPs: direct ? 0 : requireWindow(scheme, slotPs),
    negotiationPs: rest.negotiation === 'round' ? whole(messages) : 0,
  };
}

/** Windows of neighbouring slots must not share a click. */
function requireWindow(
  { station }: Exclude<LinkScheme, { kind: 'sender-receiver' }>,
  slotPs: number,
): number {
  const { halfPs } = stationWindow(station);
  if (2 * halfPs > slotPs) {
    throw new InputError(
      `clicks within ${2 * halfPs} ps count, but slots are ${slotPs} ps apart; allowed: a window within one slot`,
    );
  }
  return Math.ceil(halfPs);
}

/** From the moment when photons are due until both ends are done with the round. */
export const outcomePs = ({ halfWindowPs, messagePs, localPs }: LinkTiming): number =>
  halfWindowPs + Math.max(...messagePs) + localPs;

/**
 * The first moment at which the photons of a round can be due.
 * @param startPs both ends start the round
 * @param readyPs the memories can be excited
 */
export function earliestDuePs(timing: LinkTiming, startPs: number, readyPs: Both): number {
  const { photonPs, negotiationPs } = timing;
  const rightPs = Math.max(startPs + negotiationPs, readyPs[1]);
  const leftPs = Math.max(negotiationPs > 0 ? rightPs + negotiationPs : startPs, readyPs[0]);
  return Math.max(leftPs + photonPs[0], rightPs + photonPs[1]);
}

/** From one round to the next when the memories do nothing else: a multiple of the slot. */
export function roundPs(timing: LinkTiming): number {
  const { photonPs, resetPs: reset, slotPs } = timing;
  const ready: Both = [reset[0] - photonPs[0], reset[1] - photonPs[1]];
  return Math.ceil(earliestDuePs(timing, outcomePs(timing), ready) / slotPs) * slotPs;
}
