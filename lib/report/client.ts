/**
 * The script of a report's page. It unpacks Plotly once and draws each figure over its still picture; where the
 * browser cannot, the stills stay. Plain text here, so that its hash can stand in the page's security policy.
 */
export const CLIENT = `
(async () => {
  const byId = (id) => document.getElementById(id);
  try {
    const packed = Uint8Array.from(atob(byId('plotly').textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const library = document.createElement('script');
    library.textContent = await new Response(stream).text();
    document.head.append(library);
    const figures = JSON.parse(byId('figures').textContent);
    for (const { name, data, layout } of figures) {
      const div = byId('plot-' + name);
      const still = div.querySelector('img');
      const config = { responsive: true, displaylogo: false, toImageButtonOptions: { format: 'svg', filename: name },
        modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'] };
      if (still) still.remove();
      try {
        await Plotly.newPlot(div, data, layout, config);
      } catch (error) {
        if (still) div.replaceChildren(still);
        throw error;
      }
    }
    addEventListener('beforeprint', () => document.querySelectorAll('.js-plotly-plot').forEach((div) => Plotly.Plots.resize(div)));
    document.documentElement.dataset.figures = 'drawn';
  } catch (error) {
    document.documentElement.dataset.figures = 'failed';
    console.error(error);
    byId('failed').hidden = false;
  }
})();
`;
