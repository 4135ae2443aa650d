import { NV_LINK_5_KM, NV_LINK_50_KM, singleClickCapabilities } from './capability.js';
import { type QosNetwork, qosNetwork } from './network.js';

/** The small networks: equal links, one communication and three storage qubits a node. */
export const SMALL_NETWORKS = ['star', 'h', 'line', 'symmetric'] as const;

export type SmallNetwork = (typeof SMALL_NETWORKS)[number];

/**
 * Links of the small networks. All nodes may ask for pairs.
 *
 * - star: five nodes around one in the middle;
 * - h: two joined nodes in the middle, two more at each of them;
 * - line: six nodes;
 * - symmetric: a ring of four nodes, each with one more.
 */
const SMALL_LINKS: Record<SmallNetwork, readonly string[]> = {
  star: ['M A', 'M B', 'M C', 'M D', 'M E'],
  h: ['L R', 'L A', 'L B', 'R C', 'R D'],
  line: ['A B', 'B C', 'C D', 'D E', 'E F'],
  symmetric: ['P Q', 'Q R', 'R S', 'S P', 'P A', 'Q B', 'R C', 'S D'],
};

/** What nitrogen-vacancy links of these lengths can do. */
const NV_LINKS = { 5: NV_LINK_5_KM, 50: NV_LINK_50_KM } as const;

/** One of the small networks, with nitrogen-vacancy links of 5 km, or 50 km. */
export function smallNetwork(name: SmallNetwork, lengthKm: keyof typeof NV_LINKS = 5): QosNetwork {
  const links = SMALL_LINKS[name].map((pair) => pair.split(' ') as [string, string]);
  return qosNetwork({
    name,
    nodes: [...new Set(links.flat())].sort().map((node) => ({ name: node })),
    links: links.map((ends) => ({ ends, lengthKm, capabilities: NV_LINKS[lengthKm] })),
  });
}

/** Latitude and longitude of Dutch cities with universities or exchanges, degrees. */
const CITIES: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
  Amsterdam: [52.37, 4.9],
  Leiden: [52.16, 4.49],
  'Den Haag': [52.08, 4.31],
  Delft: [52.01, 4.36],
  Rotterdam: [51.92, 4.48],
  Utrecht: [52.09, 5.12],
  Hilversum: [52.22, 5.17],
  Almere: [52.37, 5.22],
  Lelystad: [52.51, 5.47],
  Zwolle: [52.52, 6.09],
  Leeuwarden: [53.2, 5.8],
  Groningen: [53.22, 6.57],
  Enschede: [52.22, 6.89],
  Apeldoorn: [52.21, 5.97],
  Arnhem: [51.98, 5.91],
  Nijmegen: [51.84, 5.86],
  Eindhoven: [51.44, 5.48],
  Tilburg: [51.56, 5.09],
  Breda: [51.59, 4.78],
  Maastricht: [50.85, 5.69],
  Venlo: [51.37, 6.17],
};

const CITY_LINKS: readonly (readonly [string, string])[] = [
  ['Amsterdam', 'Leiden'],
  ['Leiden', 'Den Haag'],
  ['Den Haag', 'Delft'],
  ['Delft', 'Rotterdam'],
  ['Rotterdam', 'Breda'],
  ['Breda', 'Tilburg'],
  ['Tilburg', 'Eindhoven'],
  ['Eindhoven', 'Maastricht'],
  ['Maastricht', 'Venlo'],
  ['Venlo', 'Nijmegen'],
  ['Eindhoven', 'Nijmegen'],
  ['Nijmegen', 'Arnhem'],
  ['Arnhem', 'Utrecht'],
  ['Rotterdam', 'Utrecht'],
  ['Utrecht', 'Hilversum'],
  ['Hilversum', 'Amsterdam'],
  ['Amsterdam', 'Almere'],
  ['Almere', 'Lelystad'],
  ['Lelystad', 'Zwolle'],
  ['Lelystad', 'Leeuwarden'],
  ['Leeuwarden', 'Groningen'],
  ['Groningen', 'Zwolle'],
  ['Zwolle', 'Enschede'],
  ['Zwolle', 'Apeldoorn'],
  ['Apeldoorn', 'Arnhem'],
  ['Enschede', 'Arnhem'],
];

/** Fibre follows roads and rails: longer than the great circle by about this factor. */
const DETOUR = 1.25;

/** Bright populations that give fidelities from about 0.98 to 0.997. */
const BRIGHT_POPULATIONS = [0.003, 0.006, 0.01, 0.02] as const;

/**
 * A network like that of SURF, which joins Dutch universities: 21 cities where they lie, links between neighbours at 1.25
 * times the great circle. It is not SURF's own map of fibres. Links herald by a single click with ten attempts under way
 * at once, fidelities 0.98 to 0.997: hardware of the future.
 */
export function surfnetLike(): QosNetwork {
  return qosNetwork({
    name: 'surfnet-like',
    nodes: Object.keys(CITIES).map((name) => ({ name })),
    links: CITY_LINKS.map(([a, b]) => {
      const lengthKm = Math.round(DETOUR * greatCircleKm(CITIES[a]!, CITIES[b]!));
      return {
        ends: [a, b],
        lengthKm,
        capabilities: singleClickCapabilities({ lengthKm, multiplexed: 10 }, BRIGHT_POPULATIONS),
      };
    }),
  });
}

/** Places of the cities in km east and north of their middle, for drawings. */
export function surfnetLikePlaces(): { name: string; eastKm: number; northKm: number }[] {
  const [latitude, longitude] = [52.1, 5.5];
  const kmPerDegree = (EARTH_RADIUS_KM * Math.PI) / 180;
  return Object.entries(CITIES).map(([name, [lat, lon]]) => ({
    name,
    eastKm: (lon - longitude) * kmPerDegree * Math.cos((latitude * Math.PI) / 180),
    northKm: (lat - latitude) * kmPerDegree,
  }));
}

const EARTH_RADIUS_KM = 6371;

/** Haversine formula. */
function greatCircleKm(from: readonly [number, number], to: readonly [number, number]): number {
  const [lat1, lon1, lat2, lon2] = [...from, ...to].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
    number,
  ];
  const chord =
    Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}
