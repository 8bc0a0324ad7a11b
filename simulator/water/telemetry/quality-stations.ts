import { seededRandom } from '../../../edge/core/random.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, measured, type Signal } from '../../city/plc-points.ts';
import type { DistrictState } from '../state.ts';
import { type Field, outstationPlc } from './field.ts';

/** What the river's water is like at 10 °C and how it goes with its temperature (design choice). */
const pHAt10C = 7.55;
const pHPerK = -0.004;
const conductivityAt25C = 410;
/** Conductivity of water falls by 2 % per kelvin (ISO 7888, 25 °C as reference). */
const conductivityPerK = 0.02;
/** Redox potential of chlorinated water: about 650 mV at 0.7 mg/L, 60 mV per decade (Nernst, design choice). */
const redoxMv = (chlorineMgL: number) => 660 + 60 * Math.log10(Math.max(0.01, chlorineMgL) / 0.7);
/** A sample line that is set and kept by its own valve, L/h. */
const sampleLH = 45;

/** Analysers in a cabinet: chlorine, turbidity, pH, conductivity, redox, temperature, and the sample that feeds them. */
function analysers(field: Field, chlorineMgL: () => number, turbidityNtu: () => number): readonly Signal[] {
  const waterC = () => field.station.waterC;
  const conductivity = () => conductivityAt25C * (1 + conductivityPerK * (waterC() - 25));
  return [
    measured('chlorine', { zh: '余氯', en: 'Free chlorine' }, 'mg/L', [0, 5], 0.2, chlorineMgL),
    measured('turbidity', { zh: '浊度', en: 'Turbidity' }, 'NTU', [0, 10], 0.1, turbidityNtu),
    measured('ph', { zh: 'pH', en: 'pH' }, '[pH]', [0, 14], 0.1, () => pHAt10C + pHPerK * (waterC() - 10)),
    measured('conductivity', { zh: '电导率', en: 'Conductivity' }, 'uS/cm', [0, 2000], 0.1, conductivity),
    measured('redox', { zh: '氧化还原电位', en: 'Redox potential' }, 'mV', [-1500, 1500], 0.1, () =>
      redoxMv(chlorineMgL()),
    ),
    measured('water-temp', { zh: '水温', en: 'Water temperature' }, 'Cel', [-5, 45], 0.1, waterC),
    measured('sample-flow', { zh: '样水流量', en: 'Sample flow' }, 'L/h', [0, 120], 0.5, () => sampleLH),
  ];
}

/** Its analysers are rinsed by themselves: so long, every so many hours, at a minute of their own (design choice). */
const [rinseMs, rinseEveryMs] = [180_000, 6 * 3_600_000];

/** The cabinet around them, whose door opens when somebody sees to it. */
function cabinet(field: Field, id: string): readonly Signal[] {
  const controller = field.controllers.of(id);
  const ownMs = seededRandom(0, `rinse/${id}`).integer(0, rinseEveryMs);
  const rinsing = () => (controller.nowMs + ownMs) % rinseEveryMs < rinseMs;
  return [
    contact('reagent', { zh: '试剂', en: 'Reagent' }, '充足', '不足', () => false),
    contact('cleaning', { zh: '自动清洗', en: 'Cleaning' }, '否', '是', rinsing),
    controller.door({ zh: '柜门', en: 'Door' }),
    contact('mains', { zh: '市电', en: 'Mains supply' }, '失电', '有电', () => true),
  ];
}

/** The water quality station at the inlet of a district. */
export function districtQualityPlc(field: Field, { district, quality }: DistrictState, unit: number): Plc {
  const id = `water-${district.id}-quality`;
  return outstationPlc(field, {
    ...{ id, unit, bits: cabinet(field, id), counters: [], commands: [] },
    name: { zh: `${district.id} 水质监测站`, en: `Water quality station of ${district.id}` },
    values: analysers(
      field,
      () => quality.chlorineMgL,
      () => quality.turbidityNtu,
    ),
  });
}

/** The analysers at the outlet of the works, where the station draws from. */
export function worksQualityPlc(field: Field, unit: number): Plc {
  const { station } = field;
  const id = 'water-works-quality';
  return outstationPlc(field, {
    ...{ id, unit, bits: cabinet(field, id), counters: [], commands: [] },
    name: { zh: '水厂出水水质监测站', en: 'Water quality station at the works' },
    values: analysers(
      field,
      () => station.chlorineMgL,
      () => station.turbidityNtu,
    ),
  });
}
