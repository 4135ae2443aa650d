import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import type { AgentState, Frame } from '../types.js';
import { csma, dropping, frameDelayLink, pipe, radioLink, sidelink } from './index.js';

const wrong: unknown[] = [Number.NaN, -1e30, '6', {}, []];
const pose = { x: 0, y: 0, z: 2, roll: 0, pitch: 0, yaw: 0 };
const agent = (id: string, x: number): AgentState => ({
  ...{ id, kind: 'vehicle', truePose: { ...pose, x }, pose: { ...pose, x }, timeSec: 0, clockOffsetSec: 0 },
  ...{ cloud: { count: 0, points: new Float32Array(0) }, velocity: [0, 0] },
});
const frame: Frame = { index: 0, timeSec: 0, agents: [agent('a', 0), agent('b', 20)], objects: [] };
const message = { from: 'a', to: ['b'], bytes: new Uint8Array(100), sentSec: 0 };
const radio = (options: object) => radioLink({ rng: Rng.of(1), medium: csma(), ...options });

const made: Record<string, (value: never) => unknown> = {
  'pipe, rate': (rateMbps) => pipe({ rateMbps }),
  'pipe, delay': (delaySec) => pipe({ delaySec }),
  'pipe, packets': (packetBytes) => pipe({ packetBytes }),
  '802.11p, rate': (rateMbps) => csma({ rateMbps }),
  '802.11p, slot': (slotSec) => csma({ slotSec }),
  '802.11p, frames': (mtuBytes) => csma({ mtuBytes }),
  'sidelink, mode': (mode) => sidelink({ mode }),
  'sidelink, reselection': (reselection) => sidelink({ reselection }),
  'sidelink, subchannels': (subchannels) => sidelink({ subchannels }),
  'radio, road': (road) => radio({ road }),
  'radio, bandwidth': (bandwidthHz) => radio({ bandwidthHz }),
  'radio, errors': (errors) => radio({ errors }),
  'radio, one curve of errors': (los) => radio({ errors: { los, nlos: { slopePerDb: 1, midpointDb: 0 } } }),
  'radio, decorrelation': (decorrelationMeters) => radio({ decorrelationMeters }),
  'radio, lifetime': (lifetimeSec) => radio({ lifetimeSec }),
  'drops, share': (lossProbability) => dropping({ lossProbability, order: 'random' }),
  'drops, order': (order) => dropping({ lossProbability: 0.1, order }),
  'delay, model': (kind) =>
    frameDelayLink({ model: { kind, overheadSec: 0, backboneSec: 0 }, rng: Rng.of(1) }).send(
      [message],
      frame,
    ),
  delay: (delaySec) =>
    frameDelayLink({ model: { kind: 'constant', delaySec }, rng: Rng.of(1) }).send([message], frame),
};

it.each(Object.entries(made))('%s that is none is refused in one line', (_, make) => {
  for (const value of wrong) {
    expect(() => make(value as never)).toThrow(InputError);
    expect(() => make(value as never)).toThrow(/^[^\n]{1,300}$/);
  }
});

it.each([5, {}, 'wall'])('buildings and blockers %s are refused', (value) => {
  expect(() => radio({ buildings: value })).toThrow(/buildings are no list; allowed/);
  expect(() => radio({ blocks: value })).toThrow(/blocks is no function; allowed/);
});

describe('a message', () => {
  const links = { pipe: () => pipe({ packetBytes: 1 }), radio: () => radio({}) };
  it.each(Object.entries(links))('over %s that is none is refused, and nothing is lost by it', (_, make) => {
    const sent = (change: object) => () => make().send([{ ...message, ...change } as typeof message], frame);
    expect(sent({ bytes: 'hello' })).toThrow(/message of a is no bytes; allowed: a Uint8Array/);
    expect(sent({ sentSec: Number.NaN })).toThrow(/sentSec of a is NaN/);
    expect(sent({ to: [] })).toThrow(/0 receivers/);
    const link = make();
    link.send([message], frame);
    expect(() => link.receive(Number.NaN)).toThrow(/untilSec is NaN/);
    expect(link.receive()).toHaveLength(1);
  });

  it('in millions of pieces is refused before memory is taken', () => {
    const long = { ...message, bytes: new Uint8Array(2 ** 24) };
    expect(() => pipe({ packetBytes: 1 }).send([long], frame)).toThrow(
      /16777216 bytes in fragments of 1; allowed: up to 100000/,
    );
  });

  it('of an agent that only a prototype knows is of none', () => {
    expect(() => radio({}).send([{ ...message, from: '__proto__' }], frame)).toThrow(
      /in no frame; allowed: a, b/,
    );
  });
});
