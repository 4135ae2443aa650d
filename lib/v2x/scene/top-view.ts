import { boxFootprint, poseMatrix, transformCloud } from '../geometry/index.js';
import type { AgentKind, AgentState, Frame, Pose } from '../types.js';
import { type Fixture, HALF_AREA, HALF_ROAD } from './layout.js';

/** A polygon of a drawing in world metres, closed: its last corner is its first. */
export interface Outline {
  /** Kind of the object or fixture; `road` for the two roads; `agent` for a vehicle that is one. */
  readonly kind: string;
  /** Of objects. */
  readonly id?: string;
  readonly x: number[];
  readonly y: number[];
}

/** What one agent adds to a drawing. */
export interface DrawnAgent {
  readonly id: string;
  readonly kind: AgentKind;
  readonly pose: Pose;
  /** Its points in world metres, with what they hit where that is known. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly hits?: Int32Array;
  readonly route?: AgentState['route'];
}

/** A frame from above, ready to be drawn: outlines from the bottom up, then points. */
export interface TopView {
  readonly halfAreaMeters: number;
  readonly outlines: readonly Outline[];
  readonly agents: readonly DrawnAgent[];
}

/**
 * A frame from above.
 * @param fixtures of a simulated scene: with them come the roads
 * @param believed draw the points where the agents believe to be instead of where they are
 */
export function topView(
  { agents, objects }: Frame,
  fixtures?: readonly Fixture[],
  believed = false,
): TopView {
  const own = new Set(agents.map(({ id }) => id));
  const standing = fixtures?.map((box) => outline(box.kind, boxFootprint(box))) ?? [];
  const moving = objects.map((box) =>
    outline(own.has(box.id) ? 'agent' : box.kind, boxFootprint(box), box.id),
  );
  return {
    halfAreaMeters: HALF_AREA,
    outlines: [...(fixtures ? roads() : []), ...standing, ...moving],
    agents: agents.map((agent) => drawn(agent, believed ? agent.pose : agent.truePose)),
  };
}

function outline(kind: string, corners: readonly (readonly [number, number])[], id?: string): Outline {
  const closed = [...corners, corners[0]!];
  return { kind, ...(id !== undefined && { id }), x: closed.map(([x]) => x), y: closed.map(([, y]) => y) };
}

function roads(): Outline[] {
  const [a, b] = [HALF_AREA, HALF_ROAD];
  const strip = (x: number, y: number) => [
    [-x, -y] as const,
    [x, -y] as const,
    [x, y] as const,
    [-x, y] as const,
  ];
  return [outline('road', strip(a, b)), outline('road', strip(b, a))];
}

function drawn({ id, kind, cloud, route }: AgentState, pose: Pose): DrawnAgent {
  const { points } = transformCloud(poseMatrix(pose), cloud);
  const axis = (from: number) =>
    Float32Array.from({ length: cloud.count }, (_, point) => points[4 * point + from]!);
  return {
    ...{ id, kind, pose, x: axis(0), y: axis(1) },
    ...(cloud.hits && { hits: cloud.hits }),
    ...(route && { route }),
  };
}
