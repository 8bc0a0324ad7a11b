import { describe, expect, it } from 'vitest';
import { type Loss, pipeLoss, squareLoss } from '../../simulator/heating/friction.ts';
import { type HydraulicLink, HydraulicNetwork } from '../../simulator/heating/hydraulics.ts';
import { Mains } from '../../simulator/heating/mains.ts';
import { junctions, pipeSizes, roughnessM, supplyWater, trenches } from '../../simulator/heating/network.ts';
import { frictionFactor } from '../../simulator/network/friction.ts';

const lossAt = (law: (kgS: number, into: Loss) => void, kgS: number): Loss => {
  const loss = { dropPa: 0, slope: 0 };
  law(kgS, loss);
  return loss;
};
const bore = (diameterM: number, lengthM: number, zeta = 0) =>
  ({ diameterM, lengthM, zeta, roughnessM, ...supplyWater }) as const;
const square = (resistance: number) => (kgS: number, into: Loss) => squareLoss(resistance, kgS, into);

describe('friction in hot water pipes', () => {
  it.each([
    [1e4, 0, 0.0309],
    [1e5, 0, 0.018],
    [1e5, 0.001, 0.0222],
    [1e6, 0.0001, 0.0134],
    [1e8, 0.01, 0.0379],
  ])('reads the Moody chart at Re %d and k/D %d as %d', (reynolds, rough, factor) => {
    expect(Math.abs(frictionFactor('colebrook', reynolds, rough) / factor - 1)).toBeLessThan(0.005);
  });

  it('gives the slope that a small change of flow shows, through laminar, transition and turbulent flow', () => {
    const laws = [pipeLoss(bore(0.261, 500, 8)), pipeLoss(bore(0.124, 130)), square(70)];
    for (const law of laws) {
      for (const kgS of [1e-5, 3e-3, 0.05, 0.2, 1.7, 20, -20, 140]) {
        const numeric = (lossAt(law, kgS * 1.00001).dropPa - lossAt(law, kgS * 0.99999).dropPa) / (0.00002 * kgS);
        expect(lossAt(law, kgS).slope / numeric).toBeCloseTo(1, 4);
      }
    }
  });

  it('keeps the main within 30–70 Pa/m and branches below 300 Pa/m at design flow (CJJ 34)', () => {
    const design: Record<string, number> = { 350: 139, 150: 25 };
    for (const [nominal, kgS] of Object.entries(design)) {
      const size = pipeSizes[Number(nominal) as keyof typeof pipeSizes];
      const perMetre = lossAt(pipeLoss(bore(size.diameterM, 1)), kgS).dropPa;
      expect(perMetre).toBeGreaterThan(30);
      expect(perMetre).toBeLessThan(nominal === '350' ? 70 : 300);
    }
  });
});

describe('hydraulic network', () => {
  const law = square(50);

  it('splits a flow over two unequal parallel pipes so that both lose the same', () => {
    const pump = (kgS: number, into: Loss) => {
      squareLoss(10, kgS, into);
      into.dropPa -= 300_000;
    };
    const links: HydraulicLink[] = [
      { from: 0, to: 1, loss: square(100) },
      { from: 0, to: 1, loss: square(400) },
      { from: 1, to: 0, loss: pump },
    ];
    const net = new HydraulicNetwork(2, links, 1, 1);
    net.solve();
    const [first = 0, second = 0, total = 0] = net.flowKgS;
    expect(first / second).toBeCloseTo(2, 6);
    expect(first + second).toBeCloseTo(total, 6);
    expect(100 * first ** 2 + 10 * total ** 2).toBeCloseTo(300_000, 2);
  });

  it('feeds a withdrawal from the fixed node', () => {
    const net = new HydraulicNetwork(2, [{ from: 0, to: 1, loss: law }], 0, 1);
    net.withdrawalKgS[1] = 3;
    net.solve();
    expect(net.flowKgS[0]).toBeCloseTo(3, 9);
    expect(net.pressurePa[1]).toBeCloseTo(-450, 6);
  });
});

describe('mains', () => {
  const ids = ['sub-1', 'sub-2', 'sub-3', 'sub-4', 'sub-5', 'sub-6'];
  const mainsWith = (resistance: () => number) =>
    new Mains(
      ids.map((id) => ({ id, loss: (kgS: number, into: Loss) => squareLoss(resistance(), kgS, into) })),
      (kgS, into) => {
        squareLoss(9, kgS, into);
        into.dropPa -= 500_000;
      },
    );

  it('keeps mass: the plant sends out what substations pass and the leak takes, and gets back the rest', () => {
    const mains = mainsWith(() => 180);
    mains.leak('d', 7.5);
    mains.network.solve();
    const passed = ids.reduce((sum, _, index) => sum + mains.branchKgS(index), 0);
    expect(mains.circulationKgS).toBeGreaterThan(60);
    expect(mains.circulationKgS - passed).toBeCloseTo(7.5, 6);
  });

  it('keeps mass at every junction and loses nothing around the ring', () => {
    const mains = mainsWith(() => 180);
    mains.network.solve();
    const flowOf = (id: string) => mains.network.flowKgS[trenches.findIndex((trench) => trench.id === id)] ?? 0;
    for (const { id } of junctions.filter((junction) => junction.id !== 'plant' && !junction.id.startsWith('sub'))) {
      const inflow = trenches.filter(({ to }) => to === id).reduce((sum, trench) => sum + flowOf(trench.id), 0);
      const outflow = trenches.filter(({ from }) => from === id).reduce((sum, trench) => sum + flowOf(trench.id), 0);
      expect(Math.abs(inflow - outflow)).toBeLessThan(1e-6);
    }
    const drop = (id: string) => {
      const trench = trenches.find((candidate) => candidate.id === id);
      if (!trench) throw new RangeError(id);
      return lossAt(pipeLoss({ ...trench, ...pipeSizes[trench.nominal], ...supplyWater, roughnessM }), flowOf(id))
        .dropPa;
    };
    const ring = drop('a-b') + drop('b-c') - drop('a-d') - drop('d-e') - drop('e-c');
    expect(Math.abs(ring)).toBeLessThan(0.5);
    expect(drop('a-b')).toBeGreaterThan(1000);
  });

  it('settles from standstill with every valve closed, and again when they open', () => {
    let resistance = 1e12;
    const mains = mainsWith(() => resistance);
    mains.network.rest();
    mains.network.solve();
    expect(mains.circulationKgS).toBeLessThan(0.01);
    resistance = 180;
    mains.network.solve();
    expect(mains.circulationKgS).toBeGreaterThan(60);
    expect(mains.network.iterations).toBeLessThan(25);
  });
});
