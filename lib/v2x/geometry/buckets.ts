/** Things on the ground, by where they are. */
export interface Buckets<T> {
  add(x: number, y: number, thing: T): void;
  remove(x: number, y: number, thing: T): void;
  /** All within `reach` of a place, and some a little farther, in no order. */
  near(x: number, y: number): T[];
}

/** @param reach metres, above 0: the largest distance at which things have to do with each other */
export function buckets<T>(reach: number): Buckets<T> {
  const held = new Map<number, T[]>();
  const at = (place: number) => Math.floor(place / reach);
  const key = (i: number, j: number) => i * 1_048_576 + j;
  const keyOf = (x: number, y: number) => key(at(x), at(y));
  return {
    add(x, y, thing) {
      const there = held.get(keyOf(x, y));
      if (there) there.push(thing);
      else held.set(keyOf(x, y), [thing]);
    },
    remove(x, y, thing) {
      const there = held.get(keyOf(x, y)) ?? [];
      const place = there.indexOf(thing);
      if (place >= 0) there.splice(place, 1);
    },
    near(x, y) {
      const [column, row] = [at(x), at(y)];
      const found: T[] = [];
      // Steps, not places: so far away that one more is the same place, a loop over places would not end.
      for (const i of [-1, 0, 1])
        for (const j of [-1, 0, 1])
          for (const thing of held.get(key(column + i, row + j)) ?? []) found.push(thing);
      return found;
    },
  };
}
