import { requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { DSRC_RATES, extraSinrOf } from './airtime.js';
import {
  begin,
  type Contention,
  type CsmaSettings,
  enqueue,
  expire,
  finish,
  nextEvents,
} from './contention.js';
import type { Burst, Medium, MediumModel, Surroundings, Transmission } from './medium.js';

/** Of 802.11p broadcast; the defaults are recalled, not read in the standard. */
export type CsmaOptions = Partial<CsmaSettings>;

/**
 * Carrier sense with collision avoidance of 802.11p for broadcasts: no acknowledgement and no second try, so what
 * collides is lost. Every frame waits for a backoff after the medium has rested for AIFS, however long ago that was, which keeps
 * messages of one instant apart; stations that do not hear each other (hidden ones) transmit at will. Propagation takes no time.
 * The curve of packet errors is taken to be that of 6 Mb/s, and other rates need as much more or less SINR as a
 * receiver's sensitivities differ.
 * @throws InputError when an option is out of range.
 */
export function csma(options: CsmaOptions = {}): MediumModel {
  const settings: CsmaSettings = {
    rateMbps: requireChoice('rateMbps', options.rateMbps ?? 6, DSRC_RATES),
    mtuBytes: requireInteger('mtuBytes', options.mtuBytes ?? 1500, 100, 4095),
    overheadBytes: requireInteger('overheadBytes', options.overheadBytes ?? 40, 0, 99),
    contentionWindow: requireInteger('contentionWindow', options.contentionWindow ?? 15, 0, 1023),
    slotSec: requireRange('slotSec', options.slotSec ?? 13e-6, 1e-6, 1e-3, 's'),
    sifsSec: requireRange('sifsSec', options.sifsSec ?? 32e-6, 1e-6, 1e-3, 's'),
    aifsSlots: requireInteger('aifsSlots', options.aifsSlots ?? 2, 1, 20),
    carrierSenseDbm: requireRange('carrierSenseDbm', options.carrierSenseDbm ?? -85, -120, 0, 'dBm'),
    noticeSec: options.noticeSec ?? 4e-6,
  };
  requireRange('noticeSec', settings.noticeSec, 1e-9, settings.slotSec, 's');
  return {
    name: `802.11p ${settings.rateMbps} Mb/s`,
    payloadBytes: settings.mtuBytes - settings.overheadBytes,
    overheadBytes: settings.overheadBytes,
    extraSinrDb: extraSinrOf(settings.rateMbps),
    open: (surroundings) => openCsma(settings, surroundings),
  };
}

function openCsma(settings: CsmaSettings, surroundings: Surroundings): Medium {
  const contention: Contention = { settings, surroundings, stations: new Map(), air: [] };
  const waiting: Burst[] = [];
  return {
    offer(burst) {
      waiting.push(burst);
      waiting.sort((one, other) => one.readySec - other.readySec);
    },
    advance(untilSec) {
      const ended: Transmission[] = [];
      for (;;) {
        const arrival = waiting[0]?.readySec ?? Number.POSITIVE_INFINITY;
        const { end, start, expiry } = nextEvents(contention);
        const now = Math.min(arrival, end, start, expiry);
        if (now > untilSec || now === Number.POSITIVE_INFINITY) return ended;
        if (end === now) ended.push(finish(contention));
        else if (arrival === now) enqueue(contention, waiting.shift()!);
        else if (start === now) begin(contention);
        else ended.push(...expire(contention, now));
      }
    },
  };
}
