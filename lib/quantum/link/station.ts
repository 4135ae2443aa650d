import type { Rng } from '../../math/index.js';
import { type ClickStream, clickStream } from '../hardware/clicks.js';
import { type Station, stationWindow } from '../hardware/station.js';

/** Clicks behind one beam splitter in one window. */
export interface BeamSplitterOutcome {
  /** The only detector that clicked; -1 when none or both did. */
  detector: number;
  /** That click is, or hides, the one photon that came: no other trace of it is left. */
  byOnePhoton: boolean;
}

/** A beam splitter with two detectors; a photon is in the left input, the right, both or none. */
export type BeamSplitter = (duePs: number, left: boolean, right: boolean) => BeamSplitterOutcome;

/**
 * Photons that overlap leave by the same output (Hong, Ou, Mandel): with probability (1 + overlap) / 2; a single photon
 * by either.
 */
export function beamSplitter(station: Station, rng: Rng): BeamSplitter {
  const routing = rng.fork('routing');
  const detectors = [0, 1].map((index) => clickStream(station.detector, rng.fork(`detector ${index}`))) as [
    ClickStream,
    ClickStream,
  ];
  const { halfPs } = stationWindow(station);
  const bunching = (1 + station.overlap) / 2;

  return (duePs, left, right) => {
    let seenBy = -1;
    if (left || right) {
      const port = routing.uniform() < 0.5 ? 0 : 1;
      const clickPs = detectors[port]!.photon(duePs);
      if (left && right) detectors[routing.uniform() < bunching ? port : 1 - port]!.photon(duePs);
      else if (Math.abs(clickPs - duePs) <= halfPs) seenBy = port;
    }
    const [from, to] = [duePs - halfPs, duePs + halfPs];
    const first = detectors[0].clickedWithin(from, to);
    const second = detectors[1].clickedWithin(from, to);
    const detector = first === second ? -1 : first ? 0 : 1;
    return { detector, byOnePhoton: detector >= 0 && detector === seenBy };
  };
}
