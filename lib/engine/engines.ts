import { requireChoice, requireInteger } from '../base/index.js';
import { startCuda, startWebgpu } from './accelerators.js';
import { activate } from './activate.js';
import { registerGradients } from './gradients.js';
import { type EngineInfo, type EngineName, type EngineOptions, engineNames } from './names.js';
import { startOnnx } from './onnx/start.js';
import { startWasm } from './wasm/start.js';

/**
 * Chooses what computes all tensors from now on and makes gradients work. Call it once before the first
 * tensor; calling it again is cheap.
 *
 * @param name `auto` takes cuda if it loads, else webgpu if it finds a GPU, else onnx, else wasm.
 * @param options `threads`: a whole number from 1 to 256.
 * @throws InputError when the name is unknown or the engine cannot run here, with the reason.
 */
export async function useEngine(name: EngineName = 'auto', options: EngineOptions = {}): Promise<EngineInfo> {
  requireChoice('engine', name, engineNames);
  if (options.threads !== undefined) requireInteger('threads', options.threads, 1, 256);
  registerGradients();
  if (name !== 'auto') return starters[name](options);
  const reasons: string[] = [];
  for (const candidate of ['cuda', 'webgpu', 'onnx'] as const) {
    try {
      const info = await starters[candidate]({ ...options, software: false });
      const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
      return { ...info, note: `${info.note}; chosen automatically${why}` };
    } catch (error) {
      const reason = (error as Error).message;
      reasons.push(/is not installed/.test(reason) ? `no ${candidate}` : reason);
    }
  }
  const info = await starters.wasm(options);
  const note = `${info.note}; chosen automatically: ${reasons.join('; ')}`;
  return { ...info, note, fallback: `${reasons.at(-1)}; wasm computes instead, several times slower` };
}

type StartOptions = EngineOptions & { software?: boolean };

const starters: Record<EngineInfo['name'], (options: StartOptions) => Promise<EngineInfo>> = {
  onnx: startOnnx,
  wasm: startWasm,
  cpu: startCpu,
  webgpu: startWebgpu,
  cuda: () => startCuda(),
};

async function startCpu(): Promise<EngineInfo> {
  const cpu = await import('@tensorflow/tfjs-backend-cpu');
  await activate('cpu');
  return {
    name: 'cpu',
    backend: 'cpu',
    version: cpu.version_cpu,
    threads: 1,
    note: 'plain JavaScript: the reference for tests, far too slow to train with',
  };
}
