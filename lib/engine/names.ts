export const engineNames = ['auto', 'wasm', 'cpu', 'webgpu', 'cuda'] as const;
export type EngineName = (typeof engineNames)[number];

/** The engine that computes from now on. */
export interface EngineInfo {
  /** The engine in use: `wasm`, `cpu`, `webgpu` or `cuda` (never `auto`). */
  name: Exclude<EngineName, 'auto'>;
  /** The name of the tfjs backend behind it. */
  backend: string;
  /** The version of the package that computes. */
  version: string;
  threads: number;
  /** One line for people: what it is and, under `auto`, why it was chosen. */
  note: string;
}
