import type { Plc } from '../city/plant.ts';
import { meterPlc, type Reading } from '../city/profile-points.ts';
import type { Service } from './service.ts';
import { amperesOf, servicePowerFactor } from './service-plc.ts';

/** Rooms whose incoming supply has a meter of its own, and its make. */
const meters: Readonly<Record<string, 'schneider-pm5000' | 'eastron-sdm630'>> = {
  'supply-heat-plant-1': 'schneider-pm5000',
  'supply-gate-1': 'schneider-pm5000',
  'supply-gallery-plc-1': 'eastron-sdm630',
  'supply-gallery-plc-2': 'eastron-sdm630',
};
const nominalHz = 50;
/** Percent of the span. */
const noise = 0.05;

const ofPhases = (tag: string, reading: Reading): Readonly<Record<string, Reading>> =>
  Object.fromEntries(['a', 'b', 'c'].map((phase) => [`${tag}-${phase}`, reading]));

/** What both makes show of a balanced load: line values and sums, by the tags of their profiles. */
function readingsOf(
  service: Service,
  profile: 'schneider-pm5000' | 'eastron-sdm630',
): Readonly<Record<string, Reading>> {
  const phaseV = () => service.volts / Math.sqrt(3);
  const common = {
    ...ofPhases('voltage', [[0, 300], noise, phaseV]),
    ...ofPhases('current', [[0, 1500], noise, () => amperesOf(service)]),
    frequency: [[0, 60], 0.02, () => (service.volts > 0 ? nominalHz : 0)] satisfies Reading,
  };
  if (profile === 'schneider-pm5000') {
    return {
      ...common,
      ...ofPhases('power', [[0, 400], noise, () => service.loadKw / 3]),
      'voltage-ab': [[0, 500], noise, () => service.volts],
      power: [[0, 1200], noise, () => service.loadKw],
      energy: { full: 1e9, read: () => service.energyKwh },
    };
  }
  const apparentVa = () => (1000 * service.loadKw) / servicePowerFactor;
  return {
    ...common,
    ...ofPhases('power', [[0, 4e5], noise, () => (1000 * service.loadKw) / 3]),
    power: [[0, 1.2e6], noise, () => 1000 * service.loadKw],
    'apparent-power': [[0, 1.3e6], noise, apparentVa],
    'reactive-power': [[-1.3e6, 1.3e6], noise, () => apparentVa() * Math.sqrt(1 - servicePowerFactor ** 2)],
    'power-factor': [[0, 1], 0.2, () => (service.loadKw > 0 ? servicePowerFactor : 0)],
    'energy-import': { full: 1e9, read: () => service.energyKwh },
    'energy-export': { full: 1e9, read: () => 0 },
  };
}

/** The meter of a room's incoming supply, on the room's battery; undefined where there is none. */
export function serviceMeter(service: Service): Plc | undefined {
  const { id, name } = service.data;
  const profile = meters[id];
  if (!profile) return undefined;
  const meter = meterPlc(
    {
      ...{ id: `power-${id}-meter`, utility: 'power', unit: 1, profile },
      name: { zh: `${name.zh}进线电表`, en: `${name.en}: meter of the supply` },
    },
    readingsOf(service, profile),
  );
  return { ...meter, powered: () => service.controls };
}
