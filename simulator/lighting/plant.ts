import type { Random } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Step, Truth } from '../city/plant.ts';
import { Controllers } from '../plc/controller.ts';
import { PlcSight } from '../plc/sight.ts';
import { type Cabinet, type Circuit, createCabinet } from './cabinet.ts';
import { cabinets, circuits } from './circuits.ts';
import { effectsOn, happeningKinds, truthOf } from './happenings.ts';
import { lightingNetworks } from './links.ts';
import { Moments } from './moments.ts';
import { lightingPlc, pointPrefix } from './plcs.ts';

const assets: readonly PlantAsset[] = circuits.map(({ id, name, grid, location }) => ({
  id,
  type: 'lighting.circuit',
  name: { zh: `${name.zh}照明回路`, en: `${name.en} lighting circuit` },
  grid,
  location,
  upstreamOf: [],
}));

/** The numbers below `count` in random order (Fisher–Yates). */
function shuffled(count: number, random: Random): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [order[last], order[other]] = [order[other] ?? last, order[last] ?? other];
  }
  return order;
}

/** Active power of a cabinet's circuits, kW. */
const totalKw = ({ circuits: own }: Cabinet) => own.reduce((sum, { state }) => sum + state.powerW, 0) / 1000;

/** Street lighting of 26 circuits in five cabinets (domain reference 1.5). */
export async function createPlant(context: PlantContext): Promise<Plant> {
  const { random, couplings } = context;
  const controllers = new Controllers();
  const moments = new Moments();
  const sight = new PlcSight(random.fork('sight'));
  const built = cabinets.map((data) =>
    createCabinet(
      data,
      circuits.filter((circuit) => circuit.cabinet === data.id),
      random.fork(data.id),
      (place) => sight.of(`${data.id}/${pointPrefix(place)}-lux`),
    ),
  );
  const supplies = built.map(({ data }) => couplings.take('supply', data.id));
  const plcs = built.map((cabinet) => {
    const control = couplings.take('control', cabinet.data.id);
    couplings.offer('electric-load', cabinet.data.id, () => totalKw(cabinet));
    return sight.equip({ ...lightingPlc(cabinet, controllers), powered: () => control() > 0 });
  });
  const lampOrders = new Map(circuits.map((circuit) => [circuit.id, shuffled(circuit.lamps, random.fork(circuit.id))]));
  const active = new ActiveHappenings(happeningKinds);

  /** Brings a circuit's effects up to date with the happenings; gives the circuit. */
  function refresh(target: string, timeMs: number): Circuit {
    const cabinet = built.find((one) => one.circuits.some((circuit) => circuit.data.id === target));
    const circuit = cabinet?.circuits.find((one) => one.data.id === target);
    if (!cabinet || !circuit) throw new RangeError(`lighting has no circuit ${target}`);
    cabinet.setEffects(circuit, effectsOn(active, circuit.data, lampOrders.get(target) ?? [], timeMs));
    return circuit;
  }

  return {
    utility: 'lighting',
    assets,
    plcs,
    happenings: happeningKinds,
    networks: lightingNetworks(built),
    step(step: Step) {
      controllers.step(step);
      for (const ended of active.expire(step.timeMs)) refresh(ended.target, step.timeMs);
      for (const target of active.targetsOf('lighting.driver-wear')) refresh(target, step.timeMs);
      for (const moment of moments.of(step)) {
        built.forEach((cabinet, index) => {
          cabinet.step(moment, supplies[index]?.() ?? 0);
        });
      }
    },
    start(happening: Happening): Truth {
      const { decoy } = active.start(happening);
      return truthOf(happening, decoy, refresh(happening.target, happening.startMs).data);
    },
    dispose() {},
  };
}
