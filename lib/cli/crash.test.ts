import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import { type Fixture, makeFixture } from './fixture.js';

const KILLS = 5;
const POINTS = 8;

let fixture: Fixture;
const command = (out: string) =>
  [
    'run',
    'tiny.mjs',
    '--engine',
    'cpu',
    '--no-report',
    '--out',
    out,
    '--set',
    'delayMs=60',
    '--workers',
    '2',
  ] as const;

beforeAll(() => {
  fixture = makeFixture();
});
afterAll(() => fixture.remove());

describe('kill -9 at random moments', () => {
  it('loses only the points in flight; the same command then gives the rows of an uninterrupted run', async () => {
    expect((await fixture.semwave(command('whole'))).code).toBe(0);
    const whole = fixture.rows('whole');
    const rng = Rng.of('kill');
    let killedInside = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const out = `killed-${kill}`;
      await killAfter(out, rng.integer(5), rng.uniform(0, 60));
      const finished = finishedPoints(out);
      killedInside += finished > 0 && finished < POINTS ? 1 : 0;
      const before = fixture.measuredLines().length;
      expect((await fixture.semwave(command(out))).code).toBe(0);
      expect(fixture.rows(out)).toEqual(whole);
      expect(fixture.measuredLines().length - before).toBe(POINTS - finished);
      expect(
        readdirSync(join(fixture.dir, out), { recursive: true }).filter((name) =>
          String(name).endsWith('.part'),
        ),
      ).toEqual([]);
    }
    // Otherwise this test would prove nothing.
    expect(killedInside).toBeGreaterThan(0);
  });

  it('measures a damaged point again', async () => {
    const points = join(fixture.dir, 'whole/points');
    const [first, second] = readdirSync(points);
    writeFileSync(join(points, first!), '{"experiment":"test/tiny"');
    writeFileSync(join(points, second!), '');
    const whole = fixture.rows('whole');
    const before = fixture.measuredLines().length;
    expect((await fixture.semwave(command('whole'))).code).toBe(0);
    expect(fixture.measuredLines().length - before).toBe(2);
    expect(fixture.rows('whole')).toEqual(whole);
  });
});

/** Kills the command `delayMs` after `points` of its points are finished, so that kills fall into the work. */
async function killAfter(out: string, points: number, delayMs: number): Promise<void> {
  const child = fixture.start(command(out));
  const closed = new Promise((resolve) => child.on('close', resolve));
  while (!existsSync(join(fixture.dir, out, 'points')) || finishedPoints(out) < points) {
    if (child.exitCode !== null) throw new Error(`the command ended by itself with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill('SIGKILL');
  await closed;
}

function finishedPoints(out: string): number {
  return readdirSync(join(fixture.dir, out, 'points')).filter((name) => name.endsWith('.jsonl')).length;
}
