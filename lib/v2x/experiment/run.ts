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
  for (const [place, frame] of frames.entries()) {
    const [ego, ...others] = frame.agents;
    if (!ego) throw new InputError(`frame ${frame.index} has no agent; allowed: 1 or more`);
    const counted = place >= warmUpFrames ? tally : undefined;
    const collect = (untilSec: number) => receive(link, untilSec, ego.id, { requests, inbox }, counted);
    const { timeSec } = frame;
    ask(strategy, ego, others, { link, frame, counted });
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
  readonly counted: Tally | undefined;
}

function ask(
  strategy: SharingStrategy,
  ego: AgentState,
  others: readonly AgentState[],
  { link, frame, counted }: Exchange,
): void {
  const bytes = strategy.request?.(ego) ?? new Uint8Array(0);
  if (bytes.length === 0 || others.length === 0) return;
  link.send([{ from: ego.id, to: others.map(({ id }) => id), bytes, sentSec: frame.timeSec }], frame);
  if (counted) counted.requestBytes += bytes.length;
}

/** Puts what arrived where it belongs: the newest message of each sender, the newest request at each receiver. */
function receive(
  link: V2xLink,
  untilSec: number,
  ego: string,
  { requests, inbox }: Record<'requests' | 'inbox', Map<string, Newest>>,
  counted: Tally | undefined,
): void {
  for (const { to, from, sentSec, wireBytes, message } of link.receive(untilSec)) {
    if (counted) counted.wireBytes += wireBytes;
    if (!message) continue;
    const [box, key] = to === ego ? [inbox, from] : [requests, to];
    // A later one may have been faster.
    if ((box.get(key)?.sentSec ?? Number.NEGATIVE_INFINITY) <= sentSec) box.set(key, { message, sentSec });
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
