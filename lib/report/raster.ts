import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import sharp from 'sharp';
import { InputError } from '../base/index.js';
import { BOLD, FONT_CHARACTERS, REGULAR } from './font.data.js';

let fontFiles: string[] | undefined;

/** The shipped fonts as files, which is the only form that resvg takes; they go when the process ends. */
function shippedFonts(): string[] {
  if (fontFiles) return fontFiles;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'semwave-font-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    fontFiles = Object.entries({ REGULAR, BOLD }).map(([name, packed]) => {
      const path = join(folder, `${name}.ttf`);
      writeFileSync(path, gunzipSync(Buffer.from(packed, 'base64')));
      return path;
    });
  } catch {
    // Without a folder for temporary files the machine's own fonts serve.
    fontFiles = [];
  }
  return fontFiles;
}

/**
 * Draws an SVG to PNG, `scale` device pixels to a CSS pixel. Letters come from the shipped font, equal on every
 * machine; text beyond Latin and Greek also searches the machine's fonts. A palette of 256 colours makes the file
 * of a chart several times smaller; a transparent layer keeps full colour.
 * @throws InputError when the SVG is not well formed.
 */
export async function rasterise(
  svg: string,
  options: { scale: number; transparent?: boolean },
): Promise<Uint8Array> {
  const { scale, transparent = false } = options;
  const png = draw(svg, scale, transparent);
  if (transparent) return png;
  return sharp(png).png({ palette: true, compressionLevel: 9, effort: 3 }).toBuffer();
}

function draw(svg: string, scale: number, transparent: boolean): Uint8Array {
  const shipped = shippedFonts();
  try {
    const resvg = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      ...(transparent ? {} : { background: '#FFFFFF' }),
      font: {
        loadSystemFonts: shipped.length === 0 || !FONT_CHARACTERS.test(svg),
        fontFiles: shipped,
        defaultFontFamily: 'DejaVu Sans',
        sansSerifFamily: 'DejaVu Sans',
      },
    });
    return resvg.render().asPng();
  } catch (error) {
    throw new InputError(`SVG to PNG: ${(error as Error).message}; allowed: well-formed SVG`);
  }
}
