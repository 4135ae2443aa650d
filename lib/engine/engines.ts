import { requireChoice } from '../base/index.js';
import { startCuda, startWebgpu } from './accelerators.js';
import { activate } from './activate.js';
import { registerGradients } from './gradients.js';
import { type EngineInfo, type EngineName, engineNames } from './names.js';
import { startWasm } from './wasm/start.js';

/**
 * Chooses what computes all tensors from now on and makes gradients work. Call it once before the first
 * tensor; calling it again is cheap.
 *
 * @param name `auto` takes cuda if it loads, else webgpu if it finds an adapter, else wasm.
 * @throws InputError when the name is unknown or the engine cannot run here, with the reason.
 */
export async function useEngine(name: EngineName = 'auto'): Promise<EngineInfo> {
  requireChoice('engine', name, engineNames);
  registerGradients();
  if (name !== 'auto') return starters[name]();
  const reasons: string[] = [];
  for (const candidate of ['cuda', 'webgpu'] as const) {
    try {
      const info = await starters[candidate]();
      return { ...info, note: `${info.note}; chosen automatically` };
    } catch (error) {
      const reason = (error as Error).message;
      reasons.push(/is not installed/.test(reason) ? `no ${candidate}` : reason);
    }
  }
  const info = await starters.wasm();
  return { ...info, note: `${info.note}; chosen automatically: ${reasons.join('; ')}` };
}

const starters: Record<EngineInfo['name'], () => Promise<EngineInfo>> = {
  wasm: startWasm,
  cpu: startCpu,
  webgpu: startWebgpu,
  cuda: startCuda,
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
