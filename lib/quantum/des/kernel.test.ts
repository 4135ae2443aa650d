import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAST_PS } from '../units.js';
import { createKernel } from './kernel.js';

describe('createKernel', () => {
  it('runs events by time, then priority, then order of scheduling', () => {
    const times = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: -3, max: 3 })), { maxLength: 300 });
    fc.assert(
      fc.property(times, (events) => {
        const kernel = createKernel();
        const ran: number[] = [];
        events.forEach(([time, priority], index) => {
          kernel.at(time, () => ran.push(index), priority);
        });
        kernel.run(20);
        const expected = events
          .map(([time, priority], index) => ({ time, priority, index }))
          .sort((a, b) => a.time - b.time || a.priority - b.priority || a.index - b.index);
        expect(ran).toEqual(expected.map(({ index }) => index));
        expect(kernel.executed).toBe(events.length);
        expect(kernel.pending).toBe(0);
      }),
    );
  });

  it('agrees with a sorted list under any mix of scheduling, cancelling and running', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('at' as const),
        delay: fc.nat(30),
        priority: fc.integer({ min: -2, max: 2 }),
      }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(400) }),
      fc.record({ kind: fc.constant('run' as const), span: fc.nat(15) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const kernel = createKernel();
        const model: { time: number; priority: number; id: number }[] = [];
        const handles: number[] = [];
        const ran: number[] = [];
        const expected: number[] = [];
        for (const each of steps) {
          if (each.kind === 'at') {
            const id = handles.length;
            model.push({ time: kernel.nowPs + each.delay, priority: each.priority, id });
            handles.push(kernel.after(each.delay, () => ran.push(id), each.priority));
          } else if (each.kind === 'cancel' && handles.length > 0) {
            const id = each.which % handles.length;
            const at = model.findIndex((event) => event.id === id);
            expect(kernel.cancel(handles[id]!)).toBe(at >= 0);
            if (at >= 0) model.splice(at, 1);
          } else if (each.kind === 'run') {
            const until = kernel.nowPs + each.span;
            model.sort((a, b) => a.time - b.time || a.priority - b.priority || a.id - b.id);
            while (model.length > 0 && model[0]!.time <= until) expected.push(model.shift()!.id);
            kernel.run(until);
          }
          expect(kernel.pending).toBe(model.length);
        }
        expect(ran).toEqual(expected);
      }),
    );
  });

  it('sweeps out what was cancelled, and its handles stay dead', () => {
    const kernel = createKernel();
    let ran = 0;
    const handles = Array.from({ length: 10_000 }, (_, index) => kernel.at(10_000 - index, () => ran++));
    for (const [index, handle] of handles.entries()) if (index % 10 !== 0) kernel.cancel(handle);
    expect(kernel.pending).toBe(1000);
    const next = Array.from({ length: 9000 }, () => kernel.at(5, () => ran++));
    for (const handle of handles.filter((_, index) => index % 10 !== 0))
      expect(kernel.cancel(handle)).toBe(false);
    kernel.run(20_000);
    expect(ran).toBe(10_000);
    for (const handle of [...handles, ...next]) expect(kernel.cancel(handle)).toBe(false);
  });

  it('runs what an event schedules for the present in the same run, and leaves the clock at the end asked for', () => {
    const kernel = createKernel();
    const log: string[] = [];
    kernel.at(5, () => {
      kernel.after(0, () => log.push('later, same time'));
      kernel.after(0, () => log.push('first by priority'), -1);
      kernel.after(1, () => log.push('after the end'));
    });
    kernel.at(5, () => log.push('scheduled before'));
    kernel.run(5);
    expect(log).toEqual(['first by priority', 'scheduled before', 'later, same time']);
    expect(kernel.nowPs).toBe(5);
    expect(kernel.pending).toBe(1);
  });

  it('goes on after an event that threw', () => {
    const kernel = createKernel();
    let ran = 0;
    kernel.at(1, () => {
      throw new Error('broken');
    });
    kernel.at(2, () => ran++);
    expect(() => kernel.run(10)).toThrow('broken');
    expect(kernel.nowPs).toBe(1);
    kernel.run(10);
    expect(ran).toBe(1);
  });

  it.each([
    ['the past', 4],
    ['a fraction', 7.5],
    ['past 2^53 - 1 ps', LAST_PS + 1],
    ['no number', Number.NaN],
  ])('refuses %s in one line', (_, timePs) => {
    const kernel = createKernel();
    kernel.run(5);
    expect(() => kernel.at(timePs, () => {})).toThrow(
      /^time of the event is .* ps; allowed: an integer from 5 ps/,
    );
    expect(() => kernel.run(timePs)).toThrow(/^time of the end of the run is/);
  });

  it('refuses a sum past the last picosecond, a priority out of range and a run within a run', () => {
    const kernel = createKernel();
    kernel.run(10);
    expect(() => kernel.after(LAST_PS, () => {})).toThrow('9007199254740991 ps');
    expect(() => kernel.at(10, () => {}, 0.5)).toThrow(
      'priority is 0.5; allowed: an integer from -4095 to 4095',
    );
    expect(() => kernel.at(10, () => {}, 4096)).toThrow('priority is 4096');
    expect(kernel.pending).toBe(0);
    kernel.at(11, () => kernel.run(12));
    expect(() => kernel.run(20)).toThrow('run was called by an event');
  });
});
