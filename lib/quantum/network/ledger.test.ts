import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Booking, bookingFaults, memoryLedger } from './ledger.js';

const wishes = fc.array(
  fc.record({
    start: fc.nat(40),
    duration: fc.integer({ min: 1, max: 15 }),
    count: fc.integer({ min: 1, max: 4 }),
    drop: fc.boolean(),
  }),
  { maxLength: 40 },
);

it('never promises a memory twice, and books exactly when enough are free', () => {
  fc.assert(
    fc.property(wishes, fc.integer({ min: 1, max: 8 }), (all, memories) => {
      const ledger = memoryLedger('node', memories);
      all.forEach(({ start, duration, count, drop }, reservation) => {
        const free = ledger.free(start, start + duration);
        const booked = ledger.book(reservation, count, start, start + duration);
        expect(booked?.length).toBe(free >= count ? count : undefined);
        expect(ledger.free(start, start + duration)).toBe(booked ? free - count : free);
        if (drop) {
          ledger.release(reservation);
          expect(ledger.free(start, start + duration)).toBe(free);
        }
      });
      expect(bookingFaults(ledger.bookings(), new Map([['node', memories]]))).toEqual([]);
    }),
  );
});

it('lets one booking end at the moment when the next begins', () => {
  const ledger = memoryLedger('node', 1);
  expect(ledger.book(0, 1, 0, 10)).toEqual([0]);
  expect(ledger.book(1, 1, 10, 20)).toEqual([0]);
  expect(ledger.book(2, 1, 9, 11)).toBeUndefined();
});

it('finds what is wrong with bookings', () => {
  const booking = (reservation: number, memory: number, startPs: number, endPs: number): Booking => {
    return { node: 'a', memory, reservation, startPs, endPs };
  };
  const faults = (bookings: Booking[]) => bookingFaults(bookings, new Map([['a', 2]]));
  expect(faults([booking(0, 0, 0, 5), booking(1, 0, 5, 9), booking(2, 1, 0, 9)])).toEqual([]);
  expect(faults([booking(0, 0, 0, 20), booking(1, 0, 1, 2), booking(2, 0, 3, 4)])).toHaveLength(2);
  expect(faults([booking(0, 2, 0, 5)])).toEqual(['memory 2 of a, reservation 0: no such memory']);
  expect(faults([booking(0, 0, 5, 5)])).toEqual([
    'memory 0 of a, reservation 0: ends at 5 ps, starts at 5 ps',
  ]);
});
