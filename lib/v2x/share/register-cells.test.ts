import { expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { mergeCells } from '../bev/index.js';
import { cellSections, decodeMessage, encodeMessage, headerOf } from '../message/index.js';
import { addPoseNoise, crossing } from '../scene/index.js';
import { cosdh } from './index.js';

it('cells are registered alike in whatever order they came', () => {
  const clean = crossing({ rng: Rng.of(101), seconds: 3 }).frame(5);
  const { agents } = addPoseNoise(clean, { xyMeters: 0.5, yawDeg: 0.5 }, Rng.of('wrong'));
  const [ego, ...others] = agents;
  const strategy = cosdh({ hybrid: false, register: { xyMeters: 0.8, yawDeg: 0.8 } });
  for (const sender of others) {
    const sent = strategy.share(sender);
    const cells = mergeCells(decodeMessage(sent)!.cells);
    const order = Array.from({ length: cells.size }, (_, cell) => cell);
    expect(cells.size).toBeGreaterThan(64);
    const [one, other] = [sent, encodeMessage(headerOf(sender), cellSections(cells, order))].map((bytes) =>
      strategy.fuse(ego!, [{ from: sender.id, bytes, arrivedSec: clean.timeSec }]),
    );
    expect(other!.length).toBe(one!.length);
    for (const [place, box] of other!.entries()) {
      expect(box.x).toBeCloseTo(one![place]!.x, 6);
      expect(box.y).toBeCloseTo(one![place]!.y, 6);
    }
  }
});
