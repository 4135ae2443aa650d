import { textWidth } from './metrics.js';

/** An axis-parallel box in the coordinates of some element, in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** [a, b, c, d, e, f] of SVG: x' = a·x + c·y + e, y' = b·x + d·y + f. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const LINE_HEIGHT = 1.3;

/**
 * The box of the text within an SVG element, which is what Plotly needs to know of a layout to keep labels
 * apart: jsdom lays nothing out. Widths come from the font's characters; transforms up to `element`
 * (`within: 'self'`) or up to the root (`within: 'page'`) are applied. Lines and shapes are left out.
 */
export function textBox(element: Element, within: 'self' | 'page'): Box {
  const texts = element.localName === 'text' ? [element] : [...element.querySelectorAll('text')];
  const boxes = texts.map((text) => {
    const box = lineBox(text);
    return within === 'self' && text === element
      ? box
      : transformed(box, matrixOf(text, within === 'page' ? null : element));
  });
  if (boxes.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** The box of one text element before its own transform. */
function lineBox(text: Element): Box {
  const size = fontSize(text);
  const spans = [...text.querySelectorAll('tspan.line')];
  const lines = spans.length > 0 ? spans.map((span) => span.textContent ?? '') : [text.textContent ?? ''];
  const bold = text.innerHTML.includes('font-weight: bold') || text.innerHTML.includes('font-weight:bold');
  const width = Math.max(...lines.map((line) => textWidth(line, size, bold)));
  const x = Number.parseFloat(text.getAttribute('x') ?? '0') || 0;
  const y = Number.parseFloat(text.getAttribute('y') ?? '0') || 0;
  const anchor = text.getAttribute('text-anchor') ?? (text as SVGElement).style.textAnchor;
  const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
  const top = y - size;
  return { left, top, right: left + width, bottom: top + LINE_HEIGHT * size * lines.length };
}

/** The font size that holds for an element: the nearest that is stated, as Plotly states it inline. */
function fontSize(element: Element): number {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const size = Number.parseFloat((at as SVGElement).style?.fontSize ?? '');
    if (size > 0) return size;
  }
  return 12;
}

function matrixOf(element: Element, below: Element | null): Matrix {
  let matrix = IDENTITY;
  for (let at: Element | null = element; at && at !== below; at = at.parentElement) {
    matrix = product(parseTransform(at.getAttribute('transform') ?? ''), matrix);
  }
  return matrix;
}

function parseTransform(text: string): Matrix {
  let matrix = IDENTITY;
  for (const [, kind, inside] of text.matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)) {
    const [a = 0, b, c] = inside!.split(/[\s,]+/).map(Number);
    if (kind === 'translate') matrix = product(matrix, [1, 0, 0, 1, a, b ?? 0]);
    else if (kind === 'scale') matrix = product(matrix, [a, 0, 0, b ?? a, 0, 0]);
    else matrix = product(matrix, rotation(a, b ?? 0, c ?? 0));
  }
  return matrix;
}

function rotation(degrees: number, x: number, y: number): Matrix {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}

function product(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformed(box: Box, m: Matrix): Box {
  const corners = [box.left, box.right].flatMap((x) =>
    [box.top, box.bottom].map((y) => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]] as const),
  );
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
