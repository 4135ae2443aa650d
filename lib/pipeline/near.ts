/** Number of single-character insertions, deletions, substitutions and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Up to three of `names` that `given` may be a slip of, the nearest first. */
export function nearest(given: string, names: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(given.length / 3));
  const word = given.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceOf(word, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `awgn` is near `jscc/awgn`: the last part alone counts as one slip. */
function distanceOf(given: string, name: string): number {
  const lastPart = name.slice(name.lastIndexOf('/') + 1);
  return Math.min(
    editDistance(given, name),
    lastPart === name ? Infinity : 1 + editDistance(given, lastPart),
  );
}
