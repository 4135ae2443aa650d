/**
 * `npm run kernels`: compiles every AssemblyScript kernel of `lib/phy/kernels/assembly` to a module that
 * carries the WebAssembly as text, beside it in `lib/phy/kernels`. A test compiles them again and compares.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const kernels = fileURLToPath(new URL('../lib/phy/kernels/', import.meta.url));
const sources = join(kernels, 'assembly');

export const kernelNames = (): string[] =>
  readdirSync(sources).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));

/** Where the text of a kernel stands. */
export const kernelFile = (name: string): string => join(kernels, `${name}.wasm.ts`);

/** The module that carries a kernel, compiled from its source. */
export async function kernelModule(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'semwave-kernel-'));
  try {
    const binary = join(folder, 'kernel.wasm');
    const options = [
      '-O3',
      '--noAssert',
      '--enable',
      'simd',
      '--importMemory',
      '--runtime',
      'stub',
      '--use',
      'abort=',
    ];
    const { error, stderr } = await compile([join(sources, `${name}.ts`), '-o', binary, ...options]);
    if (error) throw new Error(`kernel ${name}: ${stderr.toString()}`);
    const text = readFileSync(binary).toString('base64');
    return `/** Made by \`npm run kernels\` from \`assembly/${name}.ts\`. */\nexport const wasm =\n  '${text}';\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of kernelNames()) {
    writeFileSync(kernelFile(name), await kernelModule(name));
    console.log(kernelFile(name));
  }
}
