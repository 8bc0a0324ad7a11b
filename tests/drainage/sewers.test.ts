import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Carried } from '../../simulator/drainage/carried.ts';
import { hydraulicRadius, wettedArea } from '../../simulator/drainage/circular-pipe.ts';
import { SewerNetwork, type SewerNode } from '../../simulator/drainage/sewer-network.ts';
import { TreeSystem } from '../../simulator/drainage/tree-system.ts';

const manning = 0.013;
const diameterM = 0.8;
const slope = 0.003;
const lengthM = 100;

/** A straight sewer of `count` manholes, 100 m apart, that falls freely into the river. */
function straight(count: number): SewerNode[] {
  return Array.from({ length: count }, (_, index) => {
    const upperM = 120 - index * lengthM * slope;
    const last = index === count - 1;
    return {
      ...{ id: `m${index}`, bottomM: upperM - 0.1, groundM: upperM + 4, shaftM2: 1.2, pondM2: 400 },
      outlet: {
        to: last ? undefined : `m${index + 1}`,
        pipe: { lengthM, diameterM, manning, upperM, lowerM: upperM - lengthM * slope },
      },
    };
  });
}

/** A run of a network with inflows by node. */
function run(nodes: readonly SewerNode[], riverM = 100) {
  const network = new SewerNetwork(nodes);
  const inputs = {
    inflowM3S: new Float64Array(nodes.length),
    openShare: new Float64Array(nodes.length).fill(1),
    riverM,
    flapsHold: true,
  };
  let broughtM3 = 0;
  let leftM3 = 0;
  return {
    network,
    inputs,
    go(steps: number, dtS: number) {
      for (let step = 0; step < steps; step++) {
        network.step(dtS, inputs);
        broughtM3 += dtS * inputs.inflowM3S.reduce((sum, flow) => sum + flow, 0);
        leftM3 += dtS * network.toRiverM3S();
      }
    },
    storedM3: () => network.volumeM3.reduce((sum, volume) => sum + volume, 0),
    missingM3: () => broughtM3 - leftM3 - network.volumeM3.reduce((sum, volume) => sum + volume, 0),
  };
}

/** Manning's formula for a circle, written out: the flow at a depth. */
function manningFlow(depthM: number): number {
  const angle = 2 * Math.acos(1 - (2 * depthM) / diameterM);
  const area = ((angle - Math.sin(angle)) * diameterM ** 2) / 8;
  const radius = area / ((angle * diameterM) / 2);
  return (area * radius ** (2 / 3) * Math.sqrt(slope)) / manning;
}

describe('circular section', () => {
  it('is half full at half depth, and its radius there is a quarter of the diameter', () => {
    const [area] = wettedArea(1, 0.5);
    expect(area).toBeCloseTo(Math.PI / 8, 6);
    expect(hydraulicRadius(1, 0.5)).toBeCloseTo(0.25, 6);
    expect(wettedArea(1, 3)[0]).toBeCloseTo(Math.PI / 4, 6);
    expect(wettedArea(1, -1)[0]).toBe(0);
  });
});

describe('tree system', () => {
  it('solves what a full elimination solves', () => {
    const row = fc.record({
      own: fc.double({ min: 0.5, max: 3, noNaN: true }),
      up: fc.double({ min: -1, max: 0, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (rows, picks) => {
        const last = rows.length - 1;
        const parents = rows.map((_, index) => {
          const pick = picks.next().value as number;
          return index === last || pick % 5 === 0 ? -1 : index + 1 + (pick % (last - index));
        });
        const system = new TreeSystem(parents);
        const matrix = rows.map(() => new Array<number>(rows.length).fill(0));
        rows.forEach(({ own, up }, index) => {
          const parent = parents[index]!;
          matrix[index]![index]! += own + 3;
          system.diagonal[index]! += own + 3;
          system.right[index] = own;
          if (parent < 0) return;
          matrix[index]![parent] = up;
          matrix[parent]![index] = up / 2;
          matrix[parent]![parent]! += 1;
          system.diagonal[parent]! += 1;
          system.up[index] = up;
          system.down[index] = up / 2;
        });
        const right = Float64Array.from(system.right);
        const x = new Float64Array(rows.length);
        system.solve(x);
        matrix.forEach((line, index) => {
          expect(line.reduce((sum, factor, place) => sum + factor * x[place]!, 0)).toBeCloseTo(right[index]!, 9);
        });
      }),
    );
  });

  it('refuses a parent that stands before its child', () => {
    expect(() => new TreeSystem([-1, 0])).toThrow('row 1 must stand before its parent 0');
  });
});

describe('sewers', () => {
  it.each([0.15, 0.3, 0.5])('come to rest at the normal depth of Manning: %d m', (depthM) => {
    const { network, inputs, go } = run(straight(6));
    inputs.inflowM3S[0] = manningFlow(depthM);
    go(400, 30);
    straight(6).forEach(({ outlet }, index) => {
      expect(network.levelM[index]! - outlet!.pipe.upperM).toBeCloseTo(depthM, 3);
      expect(network.outletM3S[index]).toBeCloseTo(manningFlow(depthM), 6);
    });
  });

  it('keep every drop at any step, flow, obstacle and river', () => {
    const pulse = fc.record({
      flow: fc.double({ min: 0, max: 3, noNaN: true }),
      at: fc.nat(5),
      dtS: fc.constantFrom(1, 10, 60, 300),
      openShare: fc.constantFrom(0, 0.05, 1),
      riverM: fc.double({ min: 115, max: 124, noNaN: true }),
      flapsHold: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(pulse, { minLength: 1, maxLength: 8 }), (pulses) => {
        const nodes = straight(6);
        const network = new SewerNetwork(nodes);
        let balance = 0;
        for (const { flow, at, dtS, openShare, riverM, flapsHold } of pulses) {
          const inflowM3S = new Float64Array(6);
          inflowM3S[at] = flow;
          for (let step = 0; step < 5; step++) {
            network.step(dtS, { inflowM3S, openShare: new Float64Array(6).fill(openShare), riverM, flapsHold });
            balance += dtS * (flow - network.toRiverM3S());
          }
        }
        const stored = network.volumeM3.reduce((sum, volume) => sum + volume, 0);
        expect(Math.abs(stored - balance)).toBeLessThan(1e-6 * (1 + Math.abs(balance)));
        network.volumeM3.forEach((volume, index) => {
          expect(volume).toBeGreaterThan(-1e-6);
          expect(network.storage(index, network.levelM[index]!)[0]).toBeCloseTo(volume, 4);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('pass the same hydrograph in steps of 2 s and of 30 s', () => {
    const peak = (dtS: number) => {
      const { network, inputs, go } = run(straight(6));
      let highest = 0;
      for (let second = 0; second < 7200; second += dtS) {
        inputs.inflowM3S[0] = 0.05 + 0.3 * Math.max(0, Math.sin((Math.PI * second) / 3600));
        go(1, dtS);
        highest = Math.max(highest, network.outletM3S[5]!);
      }
      return highest;
    };
    expect(peak(30) / peak(2)).toBeCloseTo(1, 1.7);
  });

  it('rise with more water, everywhere', () => {
    const levels = (flow: number) => {
      const { network, inputs, go } = run(straight(6));
      inputs.inflowM3S[0] = flow;
      go(200, 30);
      return [...network.levelM];
    };
    const flows = [0.05, 0.2, 0.6, 1.2].map(levels);
    for (let more = 1; more < flows.length; more++)
      flows[more]!.forEach((level, index) => {
        expect(level).toBeGreaterThan(flows[more - 1]![index]!);
      });
  });

  it('surcharge above an obstacle, drain below it, and flood the street when nothing gets through', () => {
    const { network, inputs, go, missingM3 } = run(straight(6));
    inputs.inflowM3S[0] = 0.1;
    go(100, 30);
    const below = network.levelM[4]!;
    inputs.openShare[2] = 0.02;
    go(100, 30);
    const crown = straight(6)[2]!.outlet!.pipe.upperM + diameterM;
    expect(network.levelM[2]).toBeGreaterThan(crown);
    expect(network.levelM[4]).toBeLessThan(below);
    inputs.openShare[2] = 0;
    go(1000, 30);
    expect(network.levelM[2]).toBeGreaterThan(straight(6)[2]!.groundM);
    expect(missingM3()).toBeCloseTo(0, 5);
  });

  it('are backed up by a high river, which comes in only when the flap does not hold', () => {
    const { network, inputs, go } = run(straight(6));
    go(50, 30);
    inputs.riverM = 121;
    go(50, 30);
    expect(network.volumeM3[5]).toBe(0);
    inputs.flapsHold = false;
    go(400, 30);
    expect(network.levelM[5]).toBeCloseTo(121, 2);
    expect(network.levelM[0]).toBeCloseTo(121, 2);
  });

  it('refuse an outlet to nowhere', () => {
    expect(() => new SewerNetwork([{ ...straight(1)[0]!, outlet: { ...straight(1)[0]!.outlet!, to: 'm9' } }])).toThrow(
      'the sewer from m0 leads to m9, which does not exist',
    );
  });
});

describe('what sewers carry', () => {
  it('is neither lost nor made, and stays between its sources, with backwater too', () => {
    const { network, inputs, go } = run(straight(6));
    inputs.inflowM3S.fill(0.02);
    go(200, 30);
    const salt = new Carried(network, 1);
    let balance = salt.total();
    const loadS = new Float64Array(6);
    inputs.flapsHold = false;
    for (let step = 0; step < 400; step++) {
      inputs.riverM = 118 + 3 * Math.sin(step / 60);
      go(1, 10);
      loadS.fill(0);
      loadS[2] = 0.02 * 5;
      salt.step(10, { inflowM3S: inputs.inflowM3S, loadS, river: 0.25 });
      const toRiver = network.outletM3S[5]!;
      balance += 10 * (0.1 - (toRiver > 0 ? toRiver * salt.concentration[5]! : toRiver * 0.25));
      for (const value of salt.concentration) {
        expect(value).toBeGreaterThanOrEqual(-1e-9);
        expect(value).toBeLessThanOrEqual(5);
      }
    }
    expect(salt.total()).toBeCloseTo(balance, 4);
  });

  it('decays at rest as its loss says', () => {
    const { network, inputs, go } = run(straight(2));
    inputs.openShare.fill(0);
    inputs.inflowM3S[0] = 0.1;
    go(10, 10);
    inputs.inflowM3S[0] = 0;
    const sulphide = new Carried(network, 2);
    const zero = new Float64Array(2);
    for (let step = 0; step < 360; step++) {
      go(1, 10);
      sulphide.step(10, { inflowM3S: zero, loadS: zero, river: 0, lostS: new Float64Array(2).fill(1 / 3600) });
    }
    expect(sulphide.concentration[0]).toBeCloseTo(2 * Math.exp(-1), 2);
  });
});
