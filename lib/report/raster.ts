import { Resvg } from '@resvg/resvg-js';
import sharp from 'sharp';

/**
 * Draws an SVG to PNG, `scale` device pixels to a CSS pixel, in the machine's sans-serif font. A palette of 256
 * colours makes the file of a chart about four times smaller; a transparent layer keeps full colour.
 */
export async function rasterise(
  svg: string,
  options: { scale: number; transparent?: boolean },
): Promise<Uint8Array> {
  const { scale, transparent = false } = options;
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    ...(transparent ? {} : { background: '#FFFFFF' }),
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  const png = resvg.render().asPng();
  if (transparent) return png;
  return sharp(png).png({ palette: true, compressionLevel: 9, effort: 7 }).toBuffer();
}
