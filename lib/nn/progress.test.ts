import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { duration, progressBar } from './progress.js';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const pipe = new PassThrough();
  const terminal = {
    isTTY,
    columns: 120,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  };
  const text = () => (pipe.read() as Buffer | null)?.toString() ?? '';
  return { stream: Object.assign(pipe, terminal) as unknown as NodeJS.WriteStream, text };
}

it('writes plain lines, few of them, where nobody watches', () => {
  const { stream: log, text } = stream(false);
  const bar = progressBar({ title: 'points', total: 1000, stream: log, everySeconds: 3600 });
  for (let done = 1; done <= 999; done++) bar.update(done, `loss ${done}`);
  bar.stop();
  bar.stop();
  expect(text()).toMatch(/^points: 999\/1000, \d+ s left, loss 999\n$/);
});

it('says nothing when nothing was done, and each update when asked to', () => {
  const quiet = stream(false);
  progressBar({ title: 'points', total: 3, stream: quiet.stream }).stop();
  expect(quiet.text()).toBe('');
  const eager = stream(false);
  const bar = progressBar({ title: 'points', total: 3, stream: eager.stream, everySeconds: 0 });
  bar.update(1);
  bar.update(3, 'done');
  bar.stop();
  expect(eager.text()).toMatch(/^points: 1\/3, \d+ s left\npoints: 3\/3, done\n$/);
});

it('judges the pace by what was done since the start', () => {
  const { stream: log, text } = stream(false);
  const bar = progressBar({
    title: 'points',
    total: 1_000_000,
    start: 999_000,
    stream: log,
    everySeconds: 0,
  });
  const until = performance.now() + 20;
  while (performance.now() < until);
  bar.update(999_001);
  // One took at least 20 ms, so the other 999 take at least 20 s; by the total the guess would be 0 s.
  expect(text()).toMatch(/999001\/1000000, (\d+ min )?[1-9]\d* s left/);
});

it('draws a bar on a terminal and leaves it at the last state', () => {
  const listeners = process.listenerCount('SIGINT');
  const { stream: terminal, text } = stream(true);
  const bar = progressBar({ title: 'training', total: 4, stream: terminal });
  bar.update(3, 'loss 0.5');
  // Ctrl-C must stay what it was.
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  bar.stop();
  bar.stop();
  expect(text()).toMatch(/training .*75% 3\/4 .*loss 0\.5/);
});

it('spells durations', () => {
  expect([0.4, 59, 80, 7500].map(duration)).toEqual(['0 s', '59 s', '1 min 20 s', '2 h 5 min']);
});
