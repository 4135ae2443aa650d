export const engineNames = ['auto', 'onnx', 'wasm', 'cpu', 'webgpu', 'cuda'] as const;
export type EngineName = (typeof engineNames)[number];

/** The engine that computes from now on. */
export interface EngineInfo {
  /** The engine in use: `onnx`, `wasm`, `cpu`, `webgpu` or `cuda` (never `auto`). */
  name: Exclude<EngineName, 'auto'>;
  /** The name of the tfjs backend behind it. */
  backend: string;
  /** The version of the package that computes. */
  version: string;
  threads: number;
  /** One line for people: what it is and, under `auto`, why it was chosen. */
  note: string;
  /** Why `auto` had to take the slower fallback, wasm; not there otherwise. */
  fallback?: string;
}

/** Settings of an engine. */
export interface EngineOptions {
  /** Threads to compute on, where the engine has a choice (onnx); default: one for each physical core. */
  threads?: number;
}
