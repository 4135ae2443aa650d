/** Hard decisions of int8 LLRs: 1 where negative. `count` is a multiple of 16. */
export function hardDecide(llrs: usize, bits: usize, count: i32): void {
  for (let i = 0; i < count; i += 16) {
    const negative = i8x16.lt_s(v128.load(llrs + i), i8x16.splat(0));
    v128.store(bits + i, v128.and(negative, i8x16.splat(1)));
  }
}
