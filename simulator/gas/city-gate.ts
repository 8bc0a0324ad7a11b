import type { Step } from '../city/plant.ts';
import { soilTemperatureC } from '../city/soil.ts';
import { massFlowOf, naturalGas } from './gas.ts';
import type { Feed } from './line-pack.ts';
import { gateDesign } from './network.ts';

/** Depth of the long-distance pipeline, m. */
const pipelineDepthM = 1.8;
/** Inlet pressure sags by this at full flow, Pa, and the run's filter and heater take this at full flow, Pa. */
const inletSagPa = 0.12e6;
const filterDropPa = 30_000;
/** The heater keeps the gas above this behind the regulator, °C. */
const heatedC = 5;
/** Without electricity the heater's circulation stops, and its water cools with this, s. */
const heaterLagS = 1200;
/** Odorant (tetrahydrothiophene) dosed, mg/Nm³. */
const odorantMg = 20;

/** The city gate's outlet as a feed of the network: flow by droop on the absolute node pressure, kg/s. */
export function gateFeed(ambientPa: number): Feed {
  const full = massFlowOf(gateDesign.capacityNm3H);
  const band = gateDesign.droop * gateDesign.setPa;
  const closes = ambientPa + gateDesign.setPa * (1 + gateDesign.droop / 2);
  return (pressurePa) => {
    const opening = (closes - pressurePa) / band;
    if (opening <= 0) return { flow: 0, slope: 0 };
    if (opening >= 1) return { flow: full, slope: 0 };
    return { flow: full * opening, slope: -full / band };
  };
}

/** City gate station: long-distance pipeline, filter, heater, regulator run, meter, odorant. Gauge pressures in Pa. */
export class CityGate {
  inletPa: number = gateDesign.inletPa;
  filterDropPa = 0;
  inletC = 0;
  outletC = heatedC;
  heaterC = 0;
  odorantMg = odorantMg;
  /** Share of the wanted heat that the heater gives, 0..1. */
  private heating = 1;
  /** Position of the regulator, 0..1. */
  opening = 0;

  /**
   * Follows the flow that the network took in this step, with a share of the odorant's dose missing and the heater with
   * or without electricity.
   */
  step(step: Step, flowKgS: number, state: { readonly odorantLost: number; readonly supplied: boolean }): void {
    this.odorantMg = odorantMg * (1 - state.odorantLost);
    this.opening = flowKgS / massFlowOf(gateDesign.capacityNm3H);
    // The pipeline's own pressure swings with the province's consumption over the day.
    const daily = 0.03e6 * Math.cos((2 * Math.PI * (step.hour - 4)) / 24);
    this.inletPa = gateDesign.inletPa + daily - inletSagPa * this.opening;
    this.filterDropPa = filterDropPa * this.opening ** 2;
    this.inletC = soilTemperatureC(step.timeMs, pipelineDepthM);
    const cooling = ((this.inletPa - gateDesign.setPa) / 1e5) * naturalGas.jouleThomsonKBar;
    const lift = Math.max(0, heatedC + cooling - this.inletC);
    const goal = state.supplied ? 1 : 0;
    this.heating = goal + (this.heating - goal) * Math.exp(-step.dtS / heaterLagS);
    this.outletC = this.inletC - cooling + this.heating * lift;
    const warmC = lift > 0 ? 35 + 2.2 * lift : this.inletC + 8;
    this.heaterC = this.inletC + this.heating * (warmC - this.inletC);
  }
}
