import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { linkModel } from 'semwave/quantum';
import { closedForm, linkOf, schemes, simulated } from './link-cases.js';
import { linkFigures } from './link-figures.js';

const share = { min: 0, max: 1 };

export default defineExperiment({
  id: 'quantum/link',
  title: 'Entangled pairs over one link: four heralding schemes',
  paper:
    'Barrett, Kok 2005; Duan, Kimble 2003; Cabrillo et al. 1999; Pirandola, Laurenza, Ottaviani, Banchi 2017 (PLOB)',
  purpose:
    'pair rate and fidelity by distance, simulated photon by photon, on the closed forms and below the bounds',
  params: {
    scheme: param.grid(schemes, { about: 'how a pair is heralded' }),
    lengthKm: param.grid({
      unit: 'km',
      from: 10,
      to: 200,
      step: 10,
      min: 0.1,
      max: 1000,
      about: 'node to node',
    }),
    memories: param.grid([1, 2, 5, 10, 20, 50], { about: 'memories a side, over `memoriesKm`' }),
    memoriesKm: param.number({ default: 20, min: 0.1, max: 1000, unit: 'km', about: 'node to node' }),
    pairs: param.integer({ default: 2000, min: 10, max: 1e7, about: 'pairs that end a point' }),
    attempts: param.integer({ default: 2e7, min: 100, max: 1e10, about: 'attempts that end a point' }),
    emission: param.number({ default: 0.75, ...share, about: "efficiency of a memory's photon" }),
    rawFidelity: param.number({
      default: 0.99,
      min: 0.25,
      max: 1,
      about: 'of a pair, without loss or waiting',
    }),
    resetHz: param.number({ default: 1e5, min: 1, max: 1e9, unit: 'Hz', about: 'excitations a second' }),
    t2Sec: param.number({
      default: 0.05,
      min: 1e-6,
      max: 1e4,
      unit: 's',
      about: 'coherence time of a memory',
    }),
    detection: param.number({ default: 0.8, ...share, about: 'efficiency of a detector' }),
    darkCountHz: param.number({
      default: 100,
      min: 0,
      max: 1e6,
      unit: 'Hz',
      about: 'dark counts of a detector',
    }),
    windowSec: param.number({ default: 1e-8, min: 1e-10, max: 9e-8, unit: 's', about: 'detection window' }),
    overlap: param.number({ default: 0.95, ...share, about: 'overlap of the two photons' }),
    brightPopulation: param.number({ default: 0.1, min: 1e-6, max: 1, about: 'of single-click' }),
  },
  presets: {
    quick: {
      cost: '1 minute on two cores',
      lengthKm: [10, 40, 70, 100, 130, 160, 190],
      memories: [1, 5, 10, 20],
      pairs: 400,
      attempts: 5e5,
    },
    paper: { cost: '10 minutes on two cores' },
  },

  points: ({ scheme, lengthKm, memories }) => [
    ...scheme.flatMap((one) => lengthKm.map((km) => ({ scheme: one, lengthKm: km }))),
    ...memories.map((count) => ({ scheme: 'Barrett-Kok' as const, memories: count })),
  ],

  async *measure(point, { config, rng, signal, progress }): AsyncGenerator<NewRow> {
    const { pairs, attempts } = config;
    const memories = 'memories' in point ? point.memories : 1;
    const link = linkOf(config, point.scheme, 'memories' in point ? config.memoriesKm : point.lengthKm);
    yield closedForm(point.scheme, linkModel(link), memories);
    const row = await simulated(point.scheme, link, { memories, pairs, attempts, rng, signal, progress });
    if (row) yield row;
  },

  figures: (rows) => linkFigures(rows),
});
