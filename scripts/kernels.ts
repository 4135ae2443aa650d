/**
 * `npm run kernels`: compiles every AssemblyScript kernel of a module's `kernels/assembly` to a file that carries the
 * WebAssembly as text, beside that folder. A test compiles them again and compares.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const modules = fileURLToPath(new URL('../lib/', import.meta.url));
const sources = (module: string) => join(modules, module, 'kernels', 'assembly');

/** Names like `phy/ldpc`. */
export const kernelNames = (): string[] =>
  readdirSync(modules)
    .filter((module) => existsSync(sources(module)))
    .flatMap((module) =>
      readdirSync(sources(module)).flatMap((file) =>
        file.endsWith('.ts') ? [`${module}/${file.slice(0, -3)}`] : [],
      ),
    );

/** Where the text of a kernel stands. */
export const kernelFile = (name: string): string =>
  join(modules, dirname(name), 'kernels', `${basename(name)}.wasm.ts`);

/** The module that carries a kernel, compiled from its source. */
export async function kernelModule(name: string): Promise<string> {
  const source = `${basename(name)}.ts`;
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
    const { error, stderr } = await compile([join(sources(dirname(name)), source), '-o', binary, ...options]);
    if (error) throw new Error(`kernel ${name}: ${stderr.toString()}`);
    const text = readFileSync(binary).toString('base64');
    return `/** Made by \`npm run kernels\` from \`assembly/${source}\`. */\nexport const wasm =\n  '${text}';\n`;
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
