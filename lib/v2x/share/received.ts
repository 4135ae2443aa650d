import { type Placement, placed, relativePlacement } from '../bev/index.js';
import { fromGround } from '../detect/index.js';
import { byScore } from '../evaluate/index.js';
import { decodeMessage, headerOf, type Message } from '../message/index.js';
import type { AgentState, Detection, ReceivedMessage } from '../types.js';
import type { Perception } from './perception.js';

/** A message with where its sender's ground frame stood in the ego's, and how old it is by the two clocks. */
export interface Heard {
  readonly message: Message;
  readonly from: Placement;
  /** Seconds, 0 and above. */
  readonly ageSec: number;
}

/** Older messages are of no use. */
const OLDEST_SEC = 2;

/** What an agent makes of the messages that reached it; those that are none, or too old, are left out. */
export function heard(ego: AgentState, messages: readonly ReceivedMessage[]): Heard[] {
  const { pose, timeSec } = headerOf(ego);
  return messages.flatMap(({ bytes }) => {
    const message = decodeMessage(bytes);
    if (!message) return [];
    const ageSec = Math.max(0, timeSec - message.timeSec);
    return ageSec <= OLDEST_SEC ? [{ message, from: relativePlacement(message.pose, pose), ageSec }] : [];
  });
}

/** A box of another frame, its velocity turned too. */
export function boxFrom(from: Placement, box: Detection): Detection {
  const moved = placed(from, box);
  if (!box.velocity) return moved;
  const [c, s] = [Math.cos(from.yaw), Math.sin(from.yaw)];
  const [vx, vy] = box.velocity;
  return { ...moved, velocity: [c * vx - s * vy, s * vx + c * vy] };
}

/** Boxes of the ego's ground frame as what it found: in its own frame, score descending. */
export function found(ego: AgentState, { ground }: Perception, boxes: readonly Detection[]): Detection[] {
  return byScore(fromGround(boxes, ground, ego.pose));
}
