import type { Plc } from '../city/plant.ts';
import { meterPlc } from '../city/profile-points.ts';
import { compressibility, normalTemperatureK } from './gas.ts';
import type { GateView } from './gate-points.ts';

const normalPressurePa = 101_325;
/** Percent of the span. */
const noise = { pressure: 0.03, temperature: 0.05, flow: 0.05 } as const;

/**
 * The volume corrector behind the city gate's meter: volumes at base conditions from those at the meter by pressure,
 * temperature and compressibility (EN 12405-1).
 */
export function volumeCorrector(view: GateView, ambientPa: number): Plc {
  const { gate } = view;
  const absolutePa = () => view.outletGaugePa() + ambientPa;
  const ratio = () => compressibility(absolutePa()) / compressibility(normalPressurePa);
  const factor = () =>
    ((absolutePa() / normalPressurePa) * (normalTemperatureK / (normalTemperatureK + gate.outletC))) / ratio();
  return meterPlc(
    {
      ...{ id: 'gas-gate-1-corrector', utility: 'gas', unit: 1, profile: 'gas-volume-corrector' },
      name: { zh: '一号门站体积修正仪', en: 'Volume corrector of city gate 1' },
    },
    {
      pressure: [[0.5, 20], noise.pressure, () => absolutePa() / 1e5],
      temperature: [[-40, 70], noise.temperature, () => gate.outletC],
      'conversion-factor': [[0, 50], 0, factor],
      'compressibility-ratio': [[0.5, 1.5], 0, ratio],
      'flow-measured': [[0, 20_000], noise.flow, () => view.flowNm3H() / factor()],
      flow: [[0, 40_000], noise.flow, () => view.flowNm3H()],
      total: { full: 1e12, read: () => view.totalNm3() },
      status: [[0, 65_535], 0, () => 0],
      battery: [[0, 120], 0, () => 61],
    },
  );
}
