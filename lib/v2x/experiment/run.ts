import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { judgedFrame, type RouteFrame } from '../evaluate/index.js';
import { inverseRigid, poseMatrix, transformPoint } from '../geometry/index.js';
import { type OutgoingMessage, pipe, type V2xLink } from '../link/index.js';
import type { AgentState, Frame, ReceivedMessage, SharingStrategy } from '../types.js';

export interface SharingRun {
  readonly strategy: SharingStrategy;
  /** Carries all messages; a pipe without delay unless told otherwise. */
  readonly link?: V2xLink;
  /** Frames at the beginning that are driven but not judged; 0 unless told otherwise. */
  readonly warmUpFrames?: number;
  /** How long after its own sweep the ego waits for messages, below the time between frames; 0 unless told otherwise. */
  readonly patienceSec?: number;
}

/** What a strategy found in each judged frame, and what it cost. Sums over frames, so that runs can be put together. */
export interface SharingResult {
  readonly name: string;
  readonly frames: readonly RouteFrame[];
  /** Bytes of requests and of what was shared, each message once however many hear it. */
  readonly requestBytes: number;
  readonly sharedBytes: number;
  /** Bytes over the medium, headers of the link included. */
  readonly wireBytes: number;
  /** Seconds from a shared message's sending to its arrival, summed over those that arrived. */
  readonly latencySec: number;
  readonly arrivals: number;
}

/** The ego is elsewhere by then, and sees other things. */
const OLDEST_REQUEST_SEC = 2;

interface Newest {
  readonly message: ReceivedMessage;
  readonly sentSec: number;
}

/** What one frame added. */
interface Tally {
  requestBytes: number;
  sharedBytes: number;
  wireBytes: number;
  latencySec: number;
  arrivals: number;
}

/**
 * Drives a strategy through the frames of one scene, in their order: the ego (the first agent) broadcasts its request, the
 * others share by the newest request that reached them, which is forgotten after two seconds, and the ego fuses the newest
 * message of each sender that arrived in time, by when it was sent. The link keeps what is still under way for later frames. Strategies that remember need a fresh one for each scene.
 * @throws InputError for a frame without an agent, or a number out of range.
 */
export function runSharing(frames: readonly Frame[], run: SharingRun): SharingResult {
  const { strategy, link = pipe(), warmUpFrames = 0, patienceSec = 0 } = run;
  requireInteger('warmUpFrames', warmUpFrames, 0);
  requireRange('patienceSec', patienceSec, 0, 10, 's');
  const judged: RouteFrame[] = [];
  const tally: Tally = { requestBytes: 0, sharedBytes: 0, wireBytes: 0, latencySec: 0, arrivals: 0 };
  const requests = new Map<string, Newest>();
  const inbox = new Map<string, Newest>();
  const startSec = frames[0]?.timeSec ?? 0;
  const wired = new Set<string>();
  for (const [place, frame] of frames.entries()) {
    const [ego, ...others] = frame.agents;
    if (!ego) throw new InputError(`frame ${frame.index} has no agent; allowed: 1 or more`);
    const counted = place >= warmUpFrames ? tally : undefined;
    const post = { requests, inbox, wired, startSec, ego: ego.id };
    const collect = (untilSec: number) => receive(link, untilSec, post, counted);
    // A link counts from 0: recordings count from 1970, where a number cannot tell microseconds.
    const timeSec = frame.timeSec - startSec;
    // What is still on the air is heard where the agents were, before they move.
    collect(timeSec);
    ask(strategy, ego, others, { link, frame, timeSec, counted });
    collect(timeSec + patienceSec / 2);
    const shared = others.map((sender): OutgoingMessage => {
      const asked = requests.get(sender.id);
      const isFresh = asked && timeSec - asked.sentSec <= OLDEST_REQUEST_SEC;
      const bytes = strategy.share(sender, isFresh ? asked.message.bytes : undefined);
      return { from: sender.id, to: [ego.id], bytes, sentSec: timeSec + patienceSec / 2 };
    });
    link.send(shared, frame);
    if (counted) for (const { bytes } of shared) counted.sharedBytes += bytes.length;
    collect(timeSec + patienceSec);
    const detections = strategy.fuse(
      ego,
      [...inbox.values()].map(({ message }) => message),
    );
    if (counted) judged.push({ ...judgedFrame(frame, detections, ego), route: routeOf(ego) });
  }
  return { name: strategy.name, frames: judged, ...tally };
}

interface Exchange {
  readonly link: V2xLink;
  readonly frame: Frame;
  readonly timeSec: number;
  readonly counted: Tally | undefined;
}

function ask(
  strategy: SharingStrategy,
  ego: AgentState,
  others: readonly AgentState[],
  { link, frame, timeSec, counted }: Exchange,
): void {
  const bytes = strategy.request?.(ego) ?? new Uint8Array(0);
  if (bytes.length === 0 || others.length === 0) return;
  link.send([{ from: ego.id, to: others.map(({ id }) => id), bytes, sentSec: timeSec }], frame);
  if (counted) counted.requestBytes += bytes.length;
}

/** What arrived so far, by who sent it (of requests, by who heard them), and what of it was counted. */
interface Post {
  readonly requests: Map<string, Newest>;
  readonly inbox: Map<string, Newest>;
  /** Messages whose bytes over the medium were counted: a broadcast has one delivery for each who hears it. */
  readonly wired: Set<string>;
  /** The link's zero. */
  readonly startSec: number;
  readonly ego: string;
}

/** Puts what arrived where it belongs: the newest message of each sender, the newest request at each receiver. */
function receive(
  link: V2xLink,
  untilSec: number,
  { requests, inbox, wired, startSec, ego }: Post,
  counted: Tally | undefined,
): void {
  for (const { to, from, sentSec, wireBytes, message } of link.receive(untilSec)) {
    const name = JSON.stringify([from, sentSec]);
    if (counted && !wired.has(name)) counted.wireBytes += wireBytes;
    wired.add(name);
    if (!message) continue;
    const [box, key] = to === ego ? [inbox, from] : [requests, to];
    // A later one may have been faster.
    if ((box.get(key)?.sentSec ?? Number.NEGATIVE_INFINITY) <= sentSec) {
      const arrivedSec = startSec + message.arrivedSec;
      box.set(key, { message: { ...message, arrivedSec }, sentSec });
    }
    if (counted && to === ego) {
      counted.latencySec += message.arrivedSec - sentSec;
      counted.arrivals++;
    }
  }
}

/** The ego's route in its own frame, where truths and detections are. */
function routeOf({ route = [], truePose }: AgentState): [number, number][] {
  const back = inverseRigid(poseMatrix(truePose));
  return route.map(([x, y]) => {
    const [ahead, aside] = transformPoint(back, [x, y, 0]);
    return [ahead, aside];
  });
}

/** Runs of one strategy over several scenes as one. @throws InputError when there is none. */
export function pooled(results: readonly SharingResult[]): SharingResult {
  const [first] = results;
  if (!first) throw new InputError('no result to put together; allowed: 1 or more');
  const sum = (of: (result: SharingResult) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    name: first.name,
    frames: results.flatMap(({ frames }) => frames),
    requestBytes: sum(({ requestBytes }) => requestBytes),
    sharedBytes: sum(({ sharedBytes }) => sharedBytes),
    wireBytes: sum(({ wireBytes }) => wireBytes),
    latencySec: sum(({ latencySec }) => latencySec),
    arrivals: sum(({ arrivals }) => arrivals),
  };
}
