import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CLIENT } from './client.js';
import { CSS } from './page.css.js';
import { formatNumber, rowsTable } from './quantity.js';
import { plotlySource } from './render.js';
import { TITLE_HEIGHT } from './style.js';
import { keyNumbers } from './summary.js';
import { escapeMarkup, scriptJson, toCsv } from './text.js';
import type { Figure, PictureFigure, PlotFigure, PlotlyLayout, ReportContent, Table } from './types.js';

/** A picture as the page shows it: an address that holds the whole file. */
export interface ShownPicture {
  address: string;
  width: number;
  height: number;
}

/** What the page shows that is made beforehand. */
export interface PageParts {
  /** For each plot by name: its SVG, shown until (or unless) the live figure is drawn. */
  stills: ReadonlyMap<string, string>;
  /** For each picture figure by name: its pictures in the figure's order. */
  pictures: ReadonlyMap<string, (ShownPicture | null)[][]>;
  /** A sentence on how the pictures on the page differ from the originals, if they do. */
  pictureNote?: string;
  hasFiles: boolean;
}

let library: { base64: string; hash: string } | undefined;

/** Plotly as the page carries it: gzip in base64, and the hash that lets the page run it. */
function packedPlotly(): { base64: string; hash: string } {
  if (!library) {
    const source = plotlySource();
    library = { base64: gzipSync(source, { level: 9 }).toString('base64'), hash: sha256(source) };
  }
  return library;
}

function sha256(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The whole page of a report: one file that needs nothing else and may load nothing else. */
export function reportPage(content: ReportContent, parts: PageParts): string {
  const { experiment, manifest, figures, notes = [], rows } = content;
  const plots = figures.filter((figure): figure is PlotFigure => figure.kind !== 'pictures');
  const scripts = plots.length > 0 ? [sha256(CLIENT), packedPlotly().hash].join(' ') : "'none'";
  const policy = `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  const embedded = plots.map(({ name, data, layout }) => ({ name, data, layout: pageLayout(layout) }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="semwave">
<title>${escapeMarkup(`${experiment.title} · ${experiment.id}`)}</title>
<link rel="icon" href="data:,">
<style>${CSS}</style>
</head>
<body>
<main>
${header(content)}
<p id="failed" class="failed" hidden>This browser could not draw the live figures; where still pictures were made, they are shown instead.</p>
${rows.length > 0 ? `<section><h2>Key numbers</h2>\n${tableHtml(keyNumbers(rows), 'Key numbers of each system')}</section>` : ''}
${notes.length > 0 ? `<div class="notes">${notes.map((note) => `<p>${escapeMarkup(note)}</p>`).join('\n')}</div>` : ''}
${figures.map((figure) => figureHtml(figure, parts)).join('\n')}
${footer(content)}
</main>
${
  plots.length > 0
    ? `<script type="application/json" id="figures">${scriptJson(embedded)}</script>
<script type="text/plain" id="plotly">${packedPlotly().base64}</script>
<script>${CLIENT}</script>`
    : ''
}
</body>
</html>
`;
  function header({ experiment: { id, title, paper, purpose } }: ReportContent): string {
    return `<header>
<p class="eyebrow">${escapeMarkup(id)}</p>
<h1>${escapeMarkup(title)}</h1>
${purpose ? `<p class="purpose">${escapeMarkup(purpose)}</p>` : ''}
${paper ? `<p class="paper">After ${escapeMarkup(paper)}</p>` : ''}
${factsHtml(manifest)}
</header>`;
  }
}

/** The layout for a page that has the title as a heading above and the width of its column. */
function pageLayout(layout: PlotlyLayout): PlotlyLayout {
  const { title: _title, width: _width, height, margin, ...rest } = layout;
  const room = margin as { t?: number } | undefined;
  const hadTitle = _title !== undefined && typeof height === 'number' && room?.t !== undefined;
  if (!hadTitle)
    return { ...rest, ...(height === undefined ? {} : { height }), ...(margin ? { margin } : {}) };
  return { ...rest, height: height - TITLE_HEIGHT + 8, margin: { ...room, t: room.t! - TITLE_HEIGHT + 8 } };
}

function factsHtml(manifest: ReportContent['manifest']): string {
  const { preset, seed, engine, versions, startedAt, finishedAt, wallTimeSec } = manifest;
  const engineText = typeof engine === 'string' ? engine : (engine?.name ?? engine?.backend);
  const versionText = Object.entries(versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const facts: [string, unknown][] = [
    ['Preset', preset],
    ['Seed', seed],
    ['Engine', engineText],
    ['Date', (finishedAt ?? startedAt)?.replace(/T(\d\d:\d\d).*Z$/, ' $1 UTC')],
    ['Wall time', wallTimeSec === undefined ? undefined : durationText(wallTimeSec)],
    ['Versions', versionText],
  ];
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  if (shown.length === 0) return '';
  const items = shown.map(
    ([label, value]) => `<div><dt>${label}</dt><dd>${escapeMarkup(String(value))}</dd></div>`,
  );
  return `<dl class="facts">${items.join('')}</dl>`;
}

function durationText(seconds: number): string {
  if (seconds < 60) return `${formatNumber(Number(seconds.toPrecision(3)))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function figureHtml(figure: Figure, parts: PageParts): string {
  const { name, title, caption } = figure;
  const heading = `heading-${name}`;
  const inside = figure.kind === 'pictures' ? stripHtml(figure, parts) : plotHtml(figure, parts);
  const note = figure.kind === 'pictures' && parts.pictureNote ? ` ${parts.pictureNote}` : '';
  return `<section aria-labelledby="${heading}">
<h2 id="${heading}">${escapeMarkup(title)}</h2>
<figure>
<div class="scroll">${inside}</div>
<figcaption>${escapeMarkup(`${caption}${note}`.replace(/(\d) %/g, '$1\u00A0%'))}</figcaption>
</figure>
${fileLinks(name, parts.hasFiles)}
${figure.table ? numbersHtml(figure.table, `${name}.csv`, 'Numbers behind it') : ''}
</section>`;
}

function fileLinks(name: string, hasFiles: boolean): string {
  const kinds = hasFiles ? ['svg', 'png', 'json'] : ['json'];
  const links = kinds.map((kind) => `<a href="figures/${name}.${kind}">${kind.toUpperCase()}</a>`);
  return `<p class="links">${links.join('')}</p>`;
}

function plotHtml(figure: PlotFigure, parts: PageParts): string {
  const still = parts.stills.get(figure.name);
  const alt = escapeMarkup(`${figure.title}. ${figure.caption}`);
  const image = still
    ? `<img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(still).toString('base64')}">`
    : '';
  return `<div class="plot" id="plot-${figure.name}" role="img" aria-label="${alt}">${image}</div>`;
}

function stripHtml(figure: PictureFigure, parts: PageParts): string {
  const shown = parts.pictures.get(figure.name) ?? [];
  const head = figure.columns.map((column) => `<th scope="col">${escapeMarkup(column)}</th>`).join('');
  const body = figure.rows.map((row, i) => {
    const cells = row.cells.map((cell, j) => {
      const picture = shown[i]?.[j];
      if (cell === null || !picture) return '<td></td>';
      const alt = escapeMarkup(`${row.label}, ${figure.columns[j]}: ${cell.text}`);
      const tiny = picture.width < 150 ? ' class="tiny"' : '';
      return `<td><img${tiny} width="${picture.width}" height="${picture.height}" alt="${alt}" src="${picture.address}"><span>${escapeMarkup(cell.text)}</span></td>`;
    });
    return `<tr><th scope="row">${escapeMarkup(row.label)}</th>${cells.join('')}</tr>`;
  });
  return `<table class="strip"><thead><tr><td></td>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function tableHtml(table: Table, label: string): string {
  const numeric = table.columns.map((_, i) =>
    table.rows.every((row) => typeof row[i] === 'number' || row[i] === null),
  );
  const mark = (i: number) => (numeric[i] ? ' class="number"' : '');
  const head = table.columns
    .map((column, i) => `<th scope="col"${mark(i)}>${escapeMarkup(column)}</th>`)
    .join('');
  const rows = table.rows.map((row) => {
    const cells = row.map((value, i) => `<td${mark(i)}>${cellHtml(value)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(label)}"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function cellHtml(value: string | number | null): string {
  if (value === null) return '';
  return escapeMarkup(typeof value === 'number' ? formatNumber(value) : value);
}

function numbersHtml(table: Table, file: string, label: string): string {
  return `<details><summary>${label}</summary>
<p class="links">${download(toCsv(table), file, 'text/csv', 'Download as CSV')}</p>
${tableHtml(table, `${label}: ${file}`)}
</details>`;
}

function download(text: string, file: string, type: string, label: string): string {
  const address = `data:${type};charset=utf-8;base64,${Buffer.from(text).toString('base64')}`;
  return `<a download="${escapeMarkup(file)}" href="${address}">${label}</a>`;
}

function footer({ manifest, rows, experiment }: ReportContent): string {
  const command = typeof manifest.command === 'string' ? manifest.command : '';
  const file = experiment.id.replace(/[^A-Za-z0-9]+/g, '-');
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return `<section>
<h2>Run it again</h2>
${command ? `<pre>${escapeMarkup(command)}</pre>` : ''}
${rows.length > 0 ? numbersAll() : ''}
<details><summary>Manifest</summary><pre>${escapeMarkup(JSON.stringify(manifest, null, 2))}</pre></details>
</section>`;
  function numbersAll(): string {
    const links = [
      download(toCsv(rowsTable(rows)), `${file}.csv`, 'text/csv', 'CSV'),
      download(lines, `${file}.jsonl`, 'application/jsonl', 'JSON lines'),
    ];
    return `<p class="links">All ${rows.length} measurements: ${links.join('')}</p>`;
  }
}
