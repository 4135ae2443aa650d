/**
 * Widths of the printable ASCII characters, space to tilde, in thousandths of the font size: those of DejaVu
 * Sans, the widest of the common sans-serif fonts, so that what fits here fits in the others.
 */
const WIDTHS: readonly number[] = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
  636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
  295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
  500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
  392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/** The width of bold text over plain. */
const BOLD = 1.1;

/** The width of one line of text in pixels, at a font size in pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  let thousandths = 0;
  for (const character of text) thousandths += WIDTHS[character.codePointAt(0)! - 32] ?? 640;
  return (thousandths / 1000) * size * (bold ? BOLD : 1);
}
