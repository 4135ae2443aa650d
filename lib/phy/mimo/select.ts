/**
 * The k-th smallest value, k from 0 (Hoare's FIND, 1961); linear time on average where sorting is not.
 * @param values reordered on return
 */
export function kthSmallest(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[k]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const kept = values[left]!;
      values[left++] = values[right]!;
      values[right--] = kept;
    }
    if (right < k) low = left;
    if (left > k) high = right;
  }
  return values[k]!;
}

/** Indices of the `count` smallest values, ascending by index; all where there are no more. */
export function smallestIndices(values: Float64Array, count: number): Uint32Array {
  const out = new Uint32Array(Math.min(count, values.length));
  const threshold = kthSmallest(values.slice(), out.length - 1);
  let ties = out.length;
  for (let index = 0; index < values.length; index++) if (values[index]! < threshold) ties--;
  let found = 0;
  for (let index = 0; found < out.length; index++) {
    const value = values[index]!;
    if (value < threshold || (value === threshold && ties-- > 0)) out[found++] = index;
  }
  return out;
}
