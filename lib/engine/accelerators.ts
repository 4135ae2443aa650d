import { existsSync, readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { activate } from './activate.js';
import { registerGradients } from './gradients.js';
import type { EngineInfo } from './names.js';

/** The packages that are not dependencies: named through variables, since they need not be installed. */
const cudaPackage: string = '@tensorflow/tfjs-node-gpu';
const webgpuBackendPackage: string = '@tensorflow/tfjs-backend-webgpu';
const dawnPackage: string = 'webgpu';

/**
 * TensorFlow on CUDA through tfjs-node-gpu. Importing it registers the backend named `tensorflow`.
 * A refusal leaves the backend that was in use before in use, and the gradients as they were.
 * @param importPackage stands in for the import of tfjs-node-gpu, in tests and benches.
 * @throws InputError when the package or its native part is missing, or CUDA does not start.
 */
export async function startCuda(
  importPackage = (): Promise<unknown> => import(cudaPackage),
): Promise<EngineInfo> {
  const before = tf.engine().backendName as string | undefined;
  // TensorFlow greets on standard error with the processor's features.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  let version: Record<string, string>;
  try {
    ({ version } = await load<CudaPackage>('cuda', [cudaPackage], cudaPackage, importPackage));
    refuseUnusable(version['tfjs-core']);
  } catch (error) {
    if (before) await tf.setBackend(before);
    throw error;
  } finally {
    // However far it came, the package has put tfjs-core's gradients in the place of the engine's own.
    registerGradients();
  }
  await activate('tensorflow');
  return {
    name: 'cuda',
    backend: 'tensorflow',
    version: version['tfjs-node'] ?? 'unknown',
    threads: 1,
    note: 'TensorFlow on a CUDA device (tfjs-node-gpu)',
  };
}

interface CudaPackage {
  version: Record<string, string>;
}

/** Copies of tfjs-core share one engine in a process, so a second one goes unseen but for its version. */
function refuseUnusable(core: string | undefined): void {
  if (core !== tf.version_core) {
    throw new InputError(
      `engine cuda: ${cudaPackage} brought a second @tensorflow/tfjs-core, version ${core}; to use it: npm install ${cudaPackage}@${tf.version_core}`,
    );
  }
  const backend = tf.findBackend('tensorflow') as (tf.KernelBackend & { isUsingGpuDevice?: boolean }) | null;
  if (!backend) throw new InputError('engine cuda: TensorFlow loaded but its backend did not start');
  if (backend.isUsingGpuDevice !== true) {
    throw new InputError('engine cuda: TensorFlow loaded but found no CUDA device');
  }
}

interface Adapter {
  requestDevice(descriptor: object): Promise<unknown>;
  info?: {
    vendor?: string;
    architecture?: string;
    device?: string;
    description?: string;
    isFallbackAdapter?: boolean;
  };
  limits: Record<string, number>;
  features: Set<string>;
}

interface Dawn {
  create(options: string[]): { requestAdapter(options?: object): Promise<Adapter | null> };
  globals: object;
}

type BackendConstructor = new (device: unknown, info?: object) => tf.KernelBackend;

/** Kept for the life of the process: Dawn frees a device whose instance was collected. */
let dawnInstance: ReturnType<Dawn['create']> | undefined;

/**
 * Whether asking for an adapter makes sense: without a GPU it takes half a second and has the graphics
 * driver complain on standard error. Who names a driver to Vulkan knows what they do.
 */
export function mayHaveAdapter(devices = '/dev', environment = process.env): boolean {
  if (process.platform !== 'linux') return true;
  if (environment.VK_ICD_FILENAMES || environment.VK_DRIVER_FILES) return true;
  const names = existsSync(devices) ? readdirSync(devices) : [];
  if (names.some((name) => /^(nvidia\d+|dxg|kfd)$/.test(name))) return true;
  const render = `${devices}/dri`;
  return existsSync(render) && readdirSync(render).some((name) => name.startsWith('renderD'));
}

/**
 * WebGPU on Dawn: any GPU with Vulkan, Metal or Direct3D 12. A software adapter serves tests.
 * @param options.software false refuses a software adapter.
 * @throws InputError when a package is missing or no adapter is found.
 */
export async function startWebgpu({ software = true } = {}): Promise<EngineInfo> {
  const packages = [webgpuBackendPackage, dawnPackage];
  const dawn = await load<Dawn>('webgpu', packages, dawnPackage);
  Object.assign(globalThis, dawn.globals);
  const backend = await load<{ WebGPUBackend: BackendConstructor; version_webgpu?: string }>(
    'webgpu',
    packages,
  );
  let description = 'a device chosen before';
  if (!tf.findBackend('webgpu')) {
    if (!mayHaveAdapter()) throw new InputError('engine webgpu: this machine shows no GPU');
    dawnInstance ??= dawn.create([]);
    const adapter = await dawnInstance.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter)
      throw new InputError('engine webgpu: no adapter found (a GPU driver with Vulkan is needed)');
    const isSoftware = adapter.info?.isFallbackAdapter === true;
    if (isSoftware && !software) throw new InputError('engine webgpu: only a software adapter is here');
    const device = await adapter.requestDevice(deviceDescriptor(adapter));
    description =
      [adapter.info?.vendor, adapter.info?.description].filter(Boolean).join(' ') || 'unnamed adapter';
    if (isSoftware) description += ', in software: for tests';
    const gpu = dawnInstance;
    tf.registerBackend(
      'webgpu',
      () => withNavigator(gpu, () => new backend.WebGPUBackend(device, adapter.info)),
      0,
    );
  }
  await activate('webgpu');
  const version = backend.version_webgpu ?? 'unknown';
  return {
    name: 'webgpu',
    backend: 'webgpu',
    version,
    threads: 1,
    note: `WebGPU through Dawn: ${description}`,
  };
}

/** The backend starts only where a browser's `navigator.gpu` stands, though it is handed its device. */
function withNavigator<T>(gpu: object, make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return make();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

function deviceDescriptor(adapter: Adapter): object {
  const wanted = [
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxStorageBufferBindingSize',
  ];
  const limits = [
    ...wanted,
    'maxBufferSize',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ];
  return { requiredLimits: Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]])) };
}

async function load<T>(
  engine: string,
  packages: string[],
  name = packages[0]!,
  importPackage = (): Promise<unknown> => import(name),
): Promise<T> {
  try {
    const loaded = (await importPackage()) as T & { default?: T };
    return { ...loaded.default, ...loaded };
  } catch (error) {
    throw new InputError(`engine ${engine}: ${whyNotLoaded(error as NodeJS.ErrnoException, name, packages)}`);
  }
}

/**
 * One line on why an optional package did not load: it is absent, or present without its native part
 * (an install without scripts leaves it so; that error has no code), or something in it failed.
 */
export function whyNotLoaded(error: NodeJS.ErrnoException, name: string, packages: string[]): string {
  const message = error.message.split('\n')[0]!.trimEnd();
  const absent = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
  if (absent && message.includes(`'${name}'`)) {
    return `${name} is not installed; to use it: npm install ${packages.join(' ')}`;
  }
  if (absent || /\.node\b|native addon|dlopen|shared object|addon/i.test(message)) {
    return `${name} is installed without its native part, or a library it needs is missing (${message})`;
  }
  return `${name} failed to load (${message})`;
}
