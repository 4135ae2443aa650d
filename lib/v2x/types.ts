/**
 * What passes between scene, sensors, detectors, strategies, links and evaluation. Right-handed metres and radians:
 * x east, y north, z up in the world; x forward, y left, z up in an agent's own frame.
 */

/** Rotation is Rz(yaw) Ry(pitch) Rx(roll), so a positive pitch lowers the nose. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly roll: number;
  readonly pitch: number;
  readonly yaw: number;
}

/** An upright box: its centre, full sizes and heading. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Along the heading. */
  readonly length: number;
  /** Across the heading. */
  readonly width: number;
  readonly height: number;
  readonly yaw: number;
}

/** A box of the ground truth. */
export interface SceneObject extends Box {
  readonly id: string;
  /** As the data set names it: car, truck, pedestrian ... */
  readonly kind: string;
  /** World frame, m/s; absent where the data set has none. */
  readonly velocity?: readonly [vx: number, vy: number];
  /** Share of the object that nobody hides, 0 to 1, where known. */
  readonly visibility?: number;
}

/** Points as a sensor gives them, in the sensor's frame. */
export interface PointCloud {
  readonly count: number;
  /** x, y, z, intensity (0 to 1) of each point. */
  readonly points: Float32Array;
  /** Of a simulated cloud: the place in the frame's `objects` of what each point hit; -1 ground, -2 anything else. */
  readonly hits?: Int32Array;
}

/** A pair of cameras that measures depth by disparity: a depth z is seen as focalPixels baselineMeters / z. */
export interface StereoPair {
  /** Of the images that are matched, pixels. */
  readonly focalPixels: number;
  readonly baselineMeters: number;
  /** Standard deviation of a pixel's disparity, pixels. */
  readonly noisePixels: number;
  /** Standard deviation of what all pixels of one surface are wrong by, pixels. */
  readonly surfacePixels: number;
}

/** Depth by pixel, as a camera of an agent measures it: square pixels, row by row from the top left. */
export interface DepthView {
  /** The camera in the agent's frame; it looks along its own x. */
  readonly mount: Pose;
  readonly width: number;
  readonly height: number;
  /** Between the left and the right edge, degrees. */
  readonly fovDeg: number;
  readonly pair: StereoPair;
  /** Metres along the viewing axis; 0 where nothing was measured. */
  readonly depth: Float32Array;
}

export type AgentKind = 'vehicle' | 'rsu' | 'uav';

/** What one agent has at one time. */
export interface AgentState {
  readonly id: string;
  readonly kind: AgentKind;
  /** True pose of the sensor in the world. */
  readonly truePose: Pose;
  /** The same as the agent believes it: what it computes with and what its messages carry. */
  readonly pose: Pose;
  /** True time the cloud was taken, seconds. */
  readonly timeSec: number;
  /** The agent's clock minus the true time, seconds. */
  readonly clockOffsetSec: number;
  readonly cloud: PointCloud;
  /** What its cameras measured at the same time, where it has any. */
  readonly cameras?: readonly DepthView[];
  /** World frame, m/s. */
  readonly velocity: readonly [vx: number, vy: number];
  /** Points (x, y) in the world that the agent plans to drive through, where known. */
  readonly route?: readonly (readonly [x: number, y: number])[];
}

/** A scene at one time. */
export interface Frame {
  readonly index: number;
  readonly timeSec: number;
  readonly agents: readonly AgentState[];
  readonly objects: readonly SceneObject[];
}

/** A box found, in the frame its context states. */
export interface Detection extends Box {
  /** 0 to 1. */
  readonly score: number;
  /** m/s in the same frame, where estimated. */
  readonly velocity?: readonly [vx: number, vy: number];
}

/** A message as it reached the receiver. */
export interface ReceivedMessage {
  readonly from: string;
  /** Exactly what arrived. */
  readonly bytes: Uint8Array;
  /** When it arrived, true time. What it is about stands in its own header, by the sender's clock. */
  readonly arrivedSec: number;
}

/**
 * What to share and how to use it. Every strategy meets this: agent states in, serialised messages out, fused detections
 * back. The caller carries the bytes over a link, counts them, and may lose, delay or damage them.
 */
export interface SharingStrategy {
  readonly name: string;
  /** What the ego broadcasts first so that others know what it needs; absent: nothing. Counted like any message. */
  request?(ego: AgentState): Uint8Array;
  /** What the sender tells the ego; an empty array is no message. `request` is there when it was received. */
  share(sender: AgentState, request?: Uint8Array): Uint8Array;
  /** Detections in the ego's frame (by its believed pose), score descending. Damaged messages are ignored, never thrown. */
  fuse(ego: AgentState, messages: readonly ReceivedMessage[]): Detection[];
}
