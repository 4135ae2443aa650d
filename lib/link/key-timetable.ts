import { InputError, requireChoice, requireInteger, requireRange } from '../base/index.js';
import type { KeySource } from './key-source.js';

/** What becomes of a source that is due before its key: an older key once more, or it waits. */
export type WhenLate = 'reuse' | 'wait';

/** When sources are sent and how many key bits each takes. */
export interface TimetableOptions {
  /** Secret bits that make one key; 256 when left out. */
  keyBits?: number;
  /** Seconds from one source to the next. */
  intervalSec: number;
  /** When the first source is due, in seconds after the key source was switched on; default 0. */
  startSec?: number;
  /** Default `reuse`; before the very first key every source waits. */
  whenLate?: WhenLate;
}

/** The key of one source. */
export interface KeyUse {
  /** Numbers of the source and of its key, from 0; keys are `keyBits` bits each, in the order of arrival. */
  readonly source: number;
  readonly key: number;
  /** How many sources have had this key, this one counted; 1: it is fresh. */
  readonly uses: number;
  /** When the source was due, and when it is sent. */
  readonly dueSec: number;
  readonly sentSec: number;
}

/**
 * Which key each source gets, without end: a fresh one where it has arrived by the time that the source is due.
 * @throws InputError when an option is out of range, or the key source makes no key.
 */
export function* keyTimetable(
  keys: Pick<KeySource, 'name' | 'take'>,
  options: TimetableOptions,
): Generator<KeyUse, never> {
  const keyBits = requireInteger('keyBits', options.keyBits ?? 256, 1);
  const intervalSec = requireRange('intervalSec', options.intervalSec, 0, 1e15, 's');
  const startSec = requireRange('startSec', options.startSec ?? 0, 0, 1e15, 's');
  const whenLate = requireChoice('whenLate', options.whenLate ?? 'reuse', ['reuse', 'wait'] as const);
  const readySec = (key: number) => keys.take(key * keyBits, keyBits).readySec;
  if (!Number.isFinite(readySec(0))) {
    throw new InputError(`key source ${keys.name} makes no key; allowed: one of more than 0 secret bits/s`);
  }
  let last = { key: -1, uses: 0, sentSec: 0 };
  for (let source = 0; ; source++) {
    const dueSec = startSec + source * intervalSec;
    const earliest = Math.max(dueSec, last.sentSec);
    const ready = readySec(last.key + 1);
    const isFresh = ready <= earliest || whenLate === 'wait' || last.key < 0;
    last = isFresh
      ? { key: last.key + 1, uses: 1, sentSec: Math.max(earliest, ready) }
      : { ...last, uses: last.uses + 1, sentSec: earliest };
    yield { source, dueSec, ...last };
  }
}
