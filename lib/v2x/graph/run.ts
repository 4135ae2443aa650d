import { type JudgedFrame, judgedFrame } from '../evaluate/index.js';
import type { Frame, SharingStrategy } from '../types.js';
import type { CommunicationGraph } from './learn.js';

/** What all agents found, each as the ego of its own, and the bytes that took. */
export interface GraphResult {
  readonly frames: readonly JudgedFrame[];
  /** Over all edges: a message that two receivers hear counts twice. */
  readonly bytes: number;
}

/**
 * Every agent takes a turn as ego in every frame and hears, at once, those whom the graph lets it hear.
 * @param graphAt of each frame; its places are those of the frame's agents
 */
export function runGraph(
  frames: readonly Frame[],
  strategy: Pick<SharingStrategy, 'share' | 'fuse'>,
  graphAt: (frame: Frame) => CommunicationGraph,
): GraphResult {
  let bytes = 0;
  const judged = frames.flatMap((frame) => {
    const sent = frame.agents.map((agent) => strategy.share(agent));
    return graphAt(frame).map((senders, receiver) => {
      const ego = frame.agents[receiver]!;
      const messages = senders.map((sender) => {
        bytes += sent[sender]!.length;
        return { from: frame.agents[sender]!.id, bytes: sent[sender]!, arrivedSec: frame.timeSec };
      });
      return judgedFrame(frame, strategy.fuse(ego, messages), ego);
    });
  });
  return { frames: judged, bytes };
}
