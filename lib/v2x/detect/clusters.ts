import type { BevCells } from '../bev/index.js';

/**
 * Parts of a set of cells in which each cell is nearer than `link` metres to another of the part (by mean places).
 * @param cells places in `of`
 */
export function linked(of: BevCells, cells: readonly number[], link: number): number[][] {
  const buckets = new Map<number, number[]>();
  const key = (i: number, j: number) => i * 1_000_003 + j;
  const at = (cell: number) => [Math.floor(of.x[cell]! / link), Math.floor(of.y[cell]! / link)] as const;
  for (const cell of cells) {
    const bucket = key(...at(cell));
    const there = buckets.get(bucket);
    if (there) there.push(cell);
    else buckets.set(bucket, [cell]);
  }
  const free = new Set(cells);
  const parts: number[][] = [];
  for (const seed of cells) {
    if (!free.delete(seed)) continue;
    const part = [seed];
    for (let next = 0; next < part.length; next++) {
      const cell = part[next]!;
      const [i, j] = at(cell);
      for (let di = -1; di <= 1; di++)
        for (let dj = -1; dj <= 1; dj++)
          for (const other of buckets.get(key(i + di, j + dj)) ?? []) {
            const apart = Math.hypot(of.x[other]! - of.x[cell]!, of.y[other]! - of.y[cell]!);
            if (apart < link && free.delete(other)) part.push(other);
          }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}
