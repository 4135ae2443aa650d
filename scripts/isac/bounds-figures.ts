import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const bound = 'Cramer-Rao bound';

/** The figures of `isac/bounds`. */
export function boundFigures(rows: readonly Row[]): Figure[] {
  const of = (scene: string, show?: string) =>
    rows.filter(({ params }) => params.scene === scene && params.show === show);
  const figures: Figure[] = [];
  if (of('frame', 'error').length > 0) figures.push(frameErrors(of('frame', 'error')));
  if (of('frame', 'share').length > 0) figures.push(resolvedShare(of('frame', 'share')));
  if (of('line', 'error').length > 0) figures.push(lineErrors(of('line', 'error')));
  if (of('carriers').length > 0) figures.push(carrierResolution(of('carriers')));
  return figures;
}

const snrTitle = 'SNR of a source in a sample (dB)';

function frameErrors(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'frame-errors',
    title: 'Errors in a frame of three dimensions',
    caption:
      'Two sources in one snapshot of 6 antennas x 10 subcarriers x 8 symbols; root mean square errors in Fourier bins over the scenes ' +
      'that an estimator calls resolved (95 % bands; left out where these are fewer than half), above the joint bound. NOMP ' +
      'attains it; a grid stops at its cell, however strong the signal.',
    x: 'snrDb',
    y: 'accuracy',
    facet: 'dimension',
    logY: true,
    bounds: [bound],
    xTitle: snrTitle,
    yTitle: 'RMSE (Fourier bins)',
  });
}

function resolvedShare(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'frame-resolved',
    title: 'Scenes that estimators call resolved',
    caption:
      'The same scenes. Below some SNR the data no longer tell two sources from noise, and estimators say so; OMP also gives up at high ' +
      'SNR, where what its grid leaves looks like further sources.',
    x: 'snrDb',
    y: 'accuracy',
    xTitle: snrTitle,
    yTitle: 'resolved (share of scenes)',
  });
}

function lineErrors(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'line-errors',
    title: 'Subspace methods against theory',
    caption:
      'Two sources on a line of 10 antennas, 100 snapshots. Points: simulated (95 % intervals); dashed: first-order theory for many ' +
      'snapshots, from which low SNR departs; black: the bound.',
    x: 'snrDb',
    y: 'accuracy',
    logY: true,
    bounds: [bound],
    theory: { 'root-MUSIC, theory': 'root-MUSIC', 'LS-ESPRIT, theory': 'LS-ESPRIT' },
    xTitle: snrTitle,
    yTitle: 'RMSE (Fourier bins)',
  });
}

function carrierResolution(rows: readonly Row[]): Figure {
  const systems = [...new Set(rows.map(({ system }) => system))];
  const resolutions = systems.filter((system) => !system.endsWith('bound'));
  return curve(rows, {
    name: 'carrier-resolution',
    title: 'What bandwidth buys in range',
    caption:
      'Monostatic range resolution c / 2B by resource blocks (points). Dashed: how well a lone target is located at -20 dB in each of ' +
      'the resource elements of 10 ms, far below the resolution.',
    x: 'resourceBlocks',
    y: 'accuracy',
    logX: true,
    logY: true,
    systems: resolutions,
    theory: Object.fromEntries(resolutions.map((system) => [`${system}, bound`, system])),
    xTitle: 'bandwidth (resource blocks)',
    yTitle: 'range (m)',
  });
}
