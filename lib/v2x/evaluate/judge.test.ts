import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { originPose, relativeMatrix, transformBox } from '../geometry/index.js';
import { crossing } from '../scene/index.js';
import { averagePrecision, judgedFrame, matchByIou } from './index.js';

describe('a frame as it is judged', () => {
  const frame = crossing({ rng: Rng.of(103) }).frame(10);
  const ego = frame.agents[0]!;
  const toEgo = relativeMatrix(originPose, ego.truePose);
  const perfect = frame.objects.map((object) => ({ ...transformBox(toEgo, object), score: 0.9 }));

  it('counts every object that someone saw, and no agent', () => {
    const judged = judgedFrame(frame, perfect);
    expect(judged.ignored).toHaveLength(3);
    expect(judged.truths.length).toBeLessThanOrEqual(frame.objects.length - 3);
    const { truths } = matchByIou(judged, 0.9);
    expect(truths.filter((truth) => truth >= 0)).toHaveLength(judged.truths.length);
    // Only objects that nobody saw are left to be false alarms.
    expect(truths).toHaveLength(frame.objects.length - 3);
  });

  it('charges an error of the pose', () => {
    const seen = judgedFrame(frame, perfect).truths.map((box) => ({ ...box, score: 0.9 }));
    expect(averagePrecision([judgedFrame(frame, seen)], { minIou: 0.5 })).toBe(1);
    const shifted = seen.map((box) => ({ ...box, x: box.x + 1.5, y: box.y + 1 }));
    expect(averagePrecision([judgedFrame(frame, shifted)], { minIou: 0.5 })).toBe(0);
    expect(() => judgedFrame({ ...frame, agents: [] }, [])).toThrow('no agent');
  });
});
