import type { Plc } from '../city/plant.ts';
import { meterPlc } from '../city/profile-points.ts';
import { returnWater } from './network.ts';
import type { SubstationView } from './substation-plc.ts';

const kilowattHoursPerGigajoule = 1000 / 3.6;
/** Percent of the span. */
const noise = { flow: 0.05, temperature: 0.03, power: 0.05 } as const;

/** The billing heat meter on a substation's primary side. Its counters are those of the substation since it was built. */
export function heatMeter({ substation, mains, primaryKgS }: SubstationView): Plc {
  const { id, name } = substation.design;
  const litresPerHour = () => (primaryKgS() / returnWater.densityKgM3) * 3_600_000;
  return meterPlc(
    {
      ...{ id: `heat-${id}-meter`, utility: 'heating', unit: 1, profile: 'kamstrup-multical-602' },
      name: { zh: `${name.zh}热量表`, en: `Heat meter of ${name.en}` },
    },
    {
      flow: [[0, 1e6], noise.flow, litresPerHour],
      power: [[0, 20_000], noise.power, () => substation.heatW / 1000],
      'supply-temperature': [[0, 180], noise.temperature, () => mains.temperatureC(id, 'supply')],
      'return-temperature': [[0, 180], noise.temperature, () => substation.primaryReturnC],
      energy: { full: 1e10, read: () => substation.energyGJ * kilowattHoursPerGigajoule },
      'info-code': [[0, 65_535], 0, () => 0],
    },
  );
}
