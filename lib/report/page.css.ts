/** The looks of a report: dark on light, the machine's own fonts, one column, fit for paper and for phones. */
export const CSS = `
:root { color-scheme: light; --ink: #1f2933; --muted: #52606d; --line: #dde2e8; --soft: #f5f7fa; --link: #00558b; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 40px 24px 72px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.015em; margin: 6px 0 10px; }
h2 { font-size: 20px; line-height: 1.3; margin: 44px 0 10px; }
p { margin: 0 0 12px; max-width: 72ch; }
.notes { margin-top: 20px; }
section > .scroll > table { min-width: 660px; }
a { color: var(--link); }
.eyebrow { color: var(--muted); font-size: 13.5px; font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; margin: 0; }
.purpose { font-size: 18px; line-height: 1.5; }
.paper, figcaption, .small { color: var(--muted); font-size: 14.5px; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px 24px;
  margin: 26px 0 8px; padding: 16px 20px; background: var(--soft); border-radius: 8px; }
dl.facts dt { color: var(--muted); font-size: 12.5px; }
dl.facts dd { margin: 0; font-size: 15px; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: left; padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; }
details table { width: auto; font-size: 13px; }
details table td { white-space: nowrap; }
details .scroll { max-height: 440px; overflow: auto; margin-top: 8px; border: 1px solid var(--line); border-radius: 6px; padding: 0 12px; }
details thead th { position: sticky; top: 0; background: #fff; }
figure { margin: 0 0 8px; }
figcaption { margin: 6px 0 8px; max-width: 78ch; }
.plot { width: 100%; min-width: 620px; }
.plot img { width: 100%; height: auto; display: block; }
.links { font-size: 14px; margin: 4px 0; }
.links a { margin-right: 16px; }
summary { cursor: pointer; font-size: 14px; color: var(--link); padding: 3px 0; }
pre { background: var(--soft); border-radius: 6px; padding: 12px 14px; overflow-x: auto; font-size: 13px; line-height: 1.5;
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
table.strip { width: auto; }
table.strip th, table.strip td { border: 0; padding: 0 10px 10px 0; font-size: 13.5px; }
table.strip th[scope=row] { padding-top: 2px; white-space: normal; min-width: 90px; max-width: 140px; }
table.strip img { display: block; width: 100%; min-width: 150px; max-width: 420px; height: auto; border-radius: 3px; }
table.strip img.tiny { image-rendering: pixelated; }
table.strip span { color: var(--muted); font-variant-numeric: tabular-nums; }
.failed { background: #fff4e5; border-radius: 6px; padding: 10px 14px; font-size: 14px; }
@media (max-width: 640px) { main { padding: 24px 16px 48px; } h1 { font-size: 25px; } }
@media print {
  main { max-width: none; padding: 0; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  details, .links, .modebar { display: none !important; }
  .plot { min-width: 0; }
}
`;
