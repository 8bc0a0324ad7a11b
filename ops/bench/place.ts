import type { Place } from '../../edge/core/finding.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { median } from '../../edge/detection/order-statistics.ts';
import { locate } from '../../edge/detection/place/locate.ts';
import type { PlaceMatrix } from '../../edge/detection/place/matrix.ts';
import { Signatures } from '../../edge/detection/place/signature.ts';
import { leakMatrix } from '../../models/training/place/unit-leaks.ts';
import type { CityOptions } from '../../simulator/city/city.ts';
import { openNetwork } from '../../simulator/water/network-file/open.ts';
import { type SurveyedNetwork, surveyedNetworks } from '../../simulator/water/survey.ts';
import { type ShownBurst, shownBursts } from './place/bursts.ts';
import { strayedModel } from './place/strayed-model.ts';
import { atLeast, atMost, type BenchRow } from './row.ts';

const seeds = [911, 912] as const;
const burstsPerSeed = 150;
const startMs = Date.UTC(2026, 1, 3);
const nearM = 300;
/** Figures of the issue, shares. */
const wanted = { district: 0.98, first: 0.6, firstThree: 0.8 } as const;
const queryWithinUs = 1000;

/** What was found of one burst. */
interface Found {
  readonly places: readonly Place[];
  readonly rightDistrict: boolean;
  /** From the true junction to each place on the network's own map, m. */
  readonly distancesM: readonly number[];
  readonly us: number;
}

/**
 * Bursts drawn over the junctions of the default city and of the new town, an EPANET file as a user's is, at all hours;
 * their place from the matrix of the network, and from that of a model with wrong roughness and demand. The matrix knows
 * the network, not demand, pumps or instruments of that day.
 */
export async function benchPlace(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const network of surveyedNetworks({ equipment: 'full' })) {
    const matrix = await leakMatrix(network);
    const bursts: ShownBurst[] = [];
    for (const seed of seeds) {
      const city: CityOptions = { seed, startMs, utilities: ['water'], equipment: 'full' };
      bursts.push(...(await shownBursts(city, matrix, burstsPerSeed)));
    }
    const strayed = { ...network, file: strayedModel(network.file, seededRandom(seeds[0], 'bench-place/model')) };
    rows.push(...rowsOf(matrix, '', await foundIn(network, matrix, bursts)));
    const wrong = await leakMatrix(strayed);
    rows.push(...rowsOf(wrong, ', model astray', await foundIn(network, wrong, bursts)));
  }
  return rows;
}

async function foundIn(
  network: SurveyedNetwork,
  matrix: PlaceMatrix,
  bursts: readonly ShownBurst[],
): Promise<readonly Found[]> {
  const { engine, model } = await openNetwork(network.file, () => undefined);
  engine.close();
  const onMap = new Map(model.nodes.map((node) => [node.id, node]));
  const districts = new Map(matrix.candidates.map(({ id, asset }) => [id, asset]));
  const signatures = new Signatures(matrix);
  return bursts.map(({ truth, shown }): Found => {
    const begun = performance.now();
    const places = locate(signatures, shown);
    const us = 1000 * (performance.now() - begun);
    const at = onMap.get(truth.place?.id ?? '');
    const distancesM = places.map(({ id }) => {
      const place = onMap.get(id);
      return place && at ? Math.hypot(place.x - at.x, place.y - at.y) : Number.NaN;
    });
    return { places, distancesM, us, rightDistrict: districts.get(places[0]?.id ?? '') === truth.asset };
  });
}

function rowsOf({ network, sensors, candidates }: PlaceMatrix, model: string, found: readonly Found[]): BenchRow[] {
  const pressures = sensors.filter(({ quantity }) => quantity === 'pressure').length;
  const flows = sensors.length - pressures;
  const name = (what: string) => `${network}${model}, ${pressures} pressures, ${flows} flows: ${what}`;
  const share = (is: (one: Found) => boolean) => found.filter(is).length / found.length;
  const within = (most: number) =>
    share(({ distancesM }) => distancesM.slice(0, most).some((metres) => metres <= nearM));
  const all = found.map(({ distancesM }) => distancesM[0] ?? Number.NaN).sort((a, b) => a - b);
  const unbounded = { better: 'lower', peer: null, ratio: null, target: '', ok: null } as const;
  return [
    atLeast(
      name('right district'),
      `of ${found.length}`,
      share(({ rightDistrict }) => rightDistrict),
      wanted.district,
    ),
    atLeast(name(`first within ${nearM} m`), `of ${candidates.length} nodes`, within(1), wanted.first),
    atLeast(name(`first three within ${nearM} m`), '', within(3), wanted.firstThree),
    { name: name('distance, median'), value: median(all), unit: 'm', ...unbounded },
    {
      name: name('distance, p95'),
      value: all[Math.ceil(0.95 * all.length) - 1] ?? Number.NaN,
      unit: 'm',
      ...unbounded,
    },
    atMost(name('a query, median'), 'us', median(found.map(({ us }) => us)), queryWithinUs),
  ];
}
