import { describe, expect, it } from 'vitest';
import { Hydraulics } from '../../simulator/water/hydraulics.ts';
import { cityNetwork, landUses, station } from '../../simulator/water/network.ts';

const network = cityNetwork();
const districtOf = new Map(network.junctions.map((junction) => [junction.id, junction.district]));

/** Junctions that can be reached from one over pipes alone, without passing a meter. */
function reached(from: string): Set<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { from: a, to: b } of network.pipes) {
      if (found.has(a) || found.has(b)) found.add(a).add(b);
    }
  }
  return found;
}

/** A network with every demand at `multiple` of its mean and two pumps at `speed`. */
async function solved(multiple: number, speed = 0.92) {
  const warnings: number[] = [];
  const hydraulics = await Hydraulics.open(network, (code) => warnings.push(code));
  for (const district of network.districts) {
    for (const use of landUses) hydraulics.setDemand(district.id, use, multiple);
  }
  hydraulics.setTankLevel(4.6);
  station.pumps.forEach((pump, index) => {
    hydraulics.setPumpSpeed(pump, index < 2 ? speed : 0);
  });
  hydraulics.solve();
  return { hydraulics, warnings };
}

describe('city network', () => {
  it('has at least 72 junctions in four looped districts', () => {
    expect(network.junctions.length).toBeGreaterThanOrEqual(72);
    for (const { id } of network.districts) {
      const junctions = network.junctions.filter((junction) => junction.district === id);
      const streets = network.pipes.filter(
        (pipe) => districtOf.get(pipe.from) === id && districtOf.get(pipe.to) === id,
      );
      expect(junctions.length).toBeGreaterThanOrEqual(18);
      expect(streets.length).toBeGreaterThan(junctions.length);
      expect(junctions.some((junction) => junction.hydrant)).toBe(true);
    }
  });

  it('cuts a district off completely when its one metered inlet is taken away', () => {
    for (const { id, inlet } of network.districts) {
      const own = reached(inlet.to);
      const strangers = [...own].filter((junction) => districtOf.get(junction) !== id && !junction.endsWith('-meter'));
      expect(strangers).toEqual([]);
    }
  });

  it('supplies dma-4 through dma-2 and nothing else through another district', () => {
    expect(network.districts.map(({ feed }) => feed)).toEqual([undefined, undefined, undefined, 'dma-2']);
  });

  it('asks 35 to 60 L/s of every district on average', () => {
    for (const { id } of network.districts) {
      const own = network.junctions.filter((junction) => junction.district === id);
      const sum = own.reduce((total, junction) => total + junction.demandLps, 0);
      expect(sum).toBeGreaterThan(35);
      expect(sum).toBeLessThan(60);
    }
  });
});

describe('hydraulics', () => {
  it('loses head in a pipe by Hazen–Williams: 10.67 L Q^1.852 / (C^1.852 d^4.871)', async () => {
    const { hydraulics } = await solved(1);
    const pipe = network.pipes.find(({ id }) => id === 't1-t2')!;
    const at = (id: string) => network.junctions.find((junction) => junction.id === id)!;
    const head = (id: string) => at(id).elevationM + hydraulics.pressureM(id);
    const flow = hydraulics.flowLps(pipe.id) / 1000;
    const expected =
      (10.67 * pipe.lengthM * flow ** 1.852) / (pipe.roughness ** 1.852 * (pipe.diameterMm / 1000) ** 4.871);
    expect(flow).toBeGreaterThan(0.05);
    expect(head('t1') - head('t2')).toBeCloseTo(expected, 2);
    hydraulics.dispose();
  });

  it('lets an emitter flow with the square root of its pressure', async () => {
    const { hydraulics } = await solved(0);
    const { id, inlet } = network.districts[0]!;
    const hole = network.junctions.find((junction) => junction.district === id)!.id;
    for (const coefficient of [1, 4]) {
      hydraulics.setEmitter(hole, coefficient);
      hydraulics.solve();
      expect(hydraulics.flowLps(inlet.id)).toBeCloseTo(coefficient * Math.sqrt(hydraulics.pressureM(hole)), 2);
    }
    hydraulics.dispose();
  });

  it('follows the affinity laws: the same network at zero flow stands at n² times the shut-off head', async () => {
    const { hydraulics } = await solved(0);
    hydraulics.setPumpSpeed('pump-2', 0);
    hydraulics.setTankLevel(0);
    const lift = () => hydraulics.pressureM(station.discharge) - hydraulics.pressureM(station.suction);
    hydraulics.setPumpSpeed('pump-1', 0.9);
    hydraulics.solve();
    const [q, h] = [hydraulics.flowLps('pump-1'), lift()];
    // EPANET's three-point curve: h = n² a − b q^c n^(2−c); through (0, 66), (120, 51), (200, 26).
    const c = Math.log(40 / 15) / Math.log(200 / 120);
    const b = 15 / 120 ** c;
    expect(h).toBeCloseTo(66 * 0.9 ** 2 - b * q ** c * 0.9 ** (2 - c), 0);
    hydraulics.dispose();
  });

  it('solves every demand of a day without a warning of the engine', async () => {
    for (const multiple of [0.25, 0.6, 1, 1.4, 1.8]) {
      const { hydraulics, warnings } = await solved(multiple);
      expect(warnings).toEqual([]);
      hydraulics.dispose();
    }
  });

  it('starves customers instead of pulling a shut-off district far below zero', async () => {
    const { hydraulics } = await solved(1.5);
    const district = network.districts[0]!;
    hydraulics.setValveLoss(district.inlet.id, 1e7);
    hydraulics.solve();
    expect(hydraulics.flowLps(district.inlet.id)).toBeLessThan(2);
    for (const node of Object.values(district.sensors)) expect(hydraulics.pressureM(node)).toBeGreaterThan(-2);
    hydraulics.dispose();
  });
});
