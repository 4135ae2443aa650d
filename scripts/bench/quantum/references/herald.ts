/** Heralding schemes against photons counted state by state, and against what SeQUeNCe counted. */
import { armEfficiency, barrettKok, type Heralded, singleClick } from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';
import { closedForm } from '../closed-forms.js';

const means = 'Fock states and click patterns one by one';

/** Arms: efficiencies, overlap of the photons, dark counts. */
const cases = {
  equal: [0.1, 0.1, 1, 0],
  unequal: [0.6, 0.4, 0.8, 0],
  dark: [0.6, 0.4, 0.8, 0.01],
  lossy: [1e-3, 1e-3, 0.9, 1e-5],
} as const;

const enumerated = Object.entries(cases).flatMap(
  ([name, [efficiencyA, efficiencyB, overlap, darkProbability]]) => {
    const arms = { efficiencyA, efficiencyB, overlap, darkProbability };
    const setup = `arms ${efficiencyA} and ${efficiencyB}, overlap ${overlap}, dark counts ${darkProbability}`;
    const schemes: Record<string, () => Heralded> = {
      'two-clicks': () => barrettKok(arms),
      'single-click': () => singleClick({ ...arms, brightPopulation: 0.2 }),
    };
    return Object.entries(schemes).flatMap(([scheme, ours]) => [
      closedForm(
        `herald/${scheme}/${name}/success`,
        `success probability, ${scheme}, ${setup}`,
        means,
        () => ours().successProbability,
      ),
      closedForm(
        `herald/${scheme}/${name}/fidelity`,
        `fidelity with the announced state, ${scheme}, ${setup}`,
        means,
        () => ours().state.psiPlus,
      ),
    ]);
  },
);

const attempts = 5000;

/** Barrett-Kok attempts at SeQUeNCe 0.6.0 that succeeded: length of an arm in km, emission, detector, successes. */
const counted: Reference[] = (
  [
    [1, 1, 1, 2251],
    [10, 0.75, 0.8, 348],
    [33, 0.75, 0.8, 37],
  ] as const
).map(([lengthKm, emissionEfficiency, detectorEfficiency, successes]) => {
  const share = successes / attempts;
  return {
    id: `herald/sequence/${lengthKm}`,
    what: `Barrett-Kok success probability, arms of ${lengthKm} km, emission ${emissionEfficiency}, detectors ${detectorEfficiency}`,
    source: `SeQUeNCe 0.6.0, ${successes} of ${attempts} attempts; 4 standard errors`,
    value: share,
    allowed: within(share, 4 * Math.sqrt((share * (1 - share)) / attempts)),
    measure: () => {
      const arm = { lengthKm, attenuationDbPerKm: 0.2, emissionEfficiency, detectorEfficiency };
      const efficiency = armEfficiency(arm);
      return { value: barrettKok({ efficiencyA: efficiency, efficiencyB: efficiency }).successProbability };
    },
  };
});

export const references: Reference[] = [...enumerated, ...counted];
