import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { csma, type Delivery, type OutgoingMessage, pipe, radioLink, type V2xLink } from '../link/index.js';
import { crossing } from '../scene/index.js';
import type { SharingStrategy } from '../types.js';
import { runSharing } from './run.js';

const scene = crossing({
  rng: Rng.of('order of messages'),
  seconds: 4,
  cars: 2,
  cavs: 2,
  lidar: { beams: 2, azimuths: 8 },
});
const frames = [...scene.frames()];

/** Carries each message after its own time; a negative one means never. */
function linkOf(delaySec: (message: OutgoingMessage) => number): V2xLink {
  let way: Delivery[] = [];
  return {
    name: 'by hand',
    send(messages) {
      for (const { from, to, bytes, sentSec } of messages) {
        const delay = delaySec({ from, to, bytes, sentSec });
        if (delay < 0) continue;
        const message = { from, bytes, arrivedSec: sentSec + delay };
        for (const one of to)
          way.push({
            from,
            to: one,
            sentSec,
            sentBytes: bytes.length,
            wireBytes: bytes.length,
            fragments: [],
            complete: true,
            message,
          });
      }
    },
    receive(untilSec = Number.POSITIVE_INFINITY) {
      const there = way.filter(({ message }) => message!.arrivedSec <= untilSec);
      way = way.filter(({ message }) => message!.arrivedSec > untilSec);
      return there.sort((a, b) => a.message!.arrivedSec - b.message!.arrivedSec);
    },
  };
}

/** Sends the number of the frame; notes what was asked and what was heard. */
function recorder() {
  const [asked, heard]: [(number | undefined)[], number[]] = [[], []];
  let frame = 0;
  const strategy: SharingStrategy = {
    name: 'recorder',
    request: () => Uint8Array.of(frame),
    share(_, request) {
      asked.push(request?.[0]);
      return Uint8Array.of(frame);
    },
    fuse(_, messages) {
      heard.push(...messages.map(({ bytes }) => bytes[0]!));
      frame++;
      return [];
    },
  };
  return { asked, heard, strategy };
}

describe('a run of sharing', () => {
  const [ego] = frames[0]!.agents;
  const frameOf = ({ bytes }: OutgoingMessage) => bytes[0]!;

  it('keeps the newest message, though an older one comes after it', () => {
    const { heard, strategy } = recorder();
    const slow = (message: OutgoingMessage) =>
      message.from !== ego!.id && frameOf(message) === 5 ? 0.17 : 0.05;
    runSharing(frames, { strategy, link: linkOf(slow) });
    expect(heard.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 4, 6, 7]);
  });

  it('forgets a request after two seconds', () => {
    const { asked, strategy } = recorder();
    const first = (message: OutgoingMessage) => (message.from === ego!.id && frameOf(message) > 0 ? -1 : 0);
    runSharing(frames, { strategy, link: linkOf(first) });
    expect(asked.slice(0, 20)).toEqual(asked.slice(0, 20).map(() => 0));
    expect(asked.slice(21)).toEqual(asked.slice(21).map(() => undefined));
  });

  it('counts what a broadcast puts on the medium once, however many hear it', () => {
    const many = frames.map((frame) => {
      const [first, second] = frame.agents;
      return {
        ...frame,
        agents: [first!, second!, { ...second!, id: 'third' }, { ...second!, id: 'fourth' }],
      };
    });
    const { requestBytes, sharedBytes, wireBytes } = runSharing(many, { strategy: recorder().strategy });
    expect(requestBytes).toBe(frames.length);
    expect(wireBytes).toBe(requestBytes + sharedBytes);
  });

  it('is the same whenever the clock began', () => {
    const since = (startSec: number) => {
      const { asked, heard, strategy } = recorder();
      const arrivals: number[] = [];
      const fuse: SharingStrategy['fuse'] = (agent, messages) => {
        arrivals.push(...messages.map(({ arrivedSec }) => arrivedSec - startSec));
        return strategy.fuse(agent, messages);
      };
      const later = frames.map((frame) => ({ ...frame, timeSec: startSec + frame.timeSec }));
      runSharing(later, { strategy: { ...strategy, fuse }, link: pipe({ delaySec: 0.13 }) });
      return { asked, heard, arrivals };
    };
    // Seconds since 1970, as recordings have them.
    const [here, there] = [since(0), since(1.6e9)];
    expect([there.asked, there.heard]).toEqual([here.asked, here.heard]);
    for (const [place, arrival] of there.arrivals.entries())
      expect(arrival).toBeCloseTo(here.arrivals[place]!, 5);
  });

  it('judges what was on the air by where the agents were then', () => {
    const leaving = frames.slice(0, 3).map((frame, place) => {
      const agents = frame.agents.map((agent, index) => {
        const x = 20 * index + (place > 0 ? 8000 * index : 0);
        return { ...agent, truePose: { ...agent.truePose, x, y: 0 } };
      });
      return { ...frame, agents, objects: [] };
    });
    const { heard, strategy } = recorder();
    runSharing(leaving, { strategy, link: radioLink({ rng: Rng.of(1), medium: csma() }) });
    expect(heard).toEqual([0, 0]);
  });
});
