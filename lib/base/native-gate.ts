/**
 * The way into native code, shared by the threads of a pool: a thread that is ended while it computes there takes the whole
 * process down with it.
 */
export type NativeGate = SharedArrayBuffer;

const [CLOSED, INSIDE] = [0, 1] as const;
const POLL_MS = 10;

let cells: Int32Array | undefined;

export const newNativeGate = (): NativeGate => new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);

/** From now on this thread goes into native code through the gate only. */
export function useNativeGate(gate: NativeGate): void {
  cells = new Int32Array(gate);
}

/** Lets nobody in any more; done when nobody is inside. */
export async function closeNativeGate(gate: NativeGate): Promise<void> {
  const shared = new Int32Array(gate);
  Atomics.store(shared, CLOSED, 1);
  while (Atomics.load(shared, INSIDE) > 0) await new Promise((done) => setTimeout(done, POLL_MS));
}

/** Makes a native call. @throws Error when the gate is closed, since the thread is about to end. */
export function nativeCall<T>(call: () => T): T {
  if (!cells) return call();
  // Counted first: who closes the gate and then counts misses nobody.
  Atomics.add(cells, INSIDE, 1);
  try {
    if (Atomics.load(cells, CLOSED) === 1) throw new Error('the run was stopped');
    return call();
  } finally {
    Atomics.sub(cells, INSIDE, 1);
  }
}
