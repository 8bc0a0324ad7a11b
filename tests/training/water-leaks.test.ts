import { describe, expect, it } from 'vitest';
import { Signatures } from '../../edge/detection/place/signature.ts';
import { waterMatrix } from '../../models/training/place/water-leaks.ts';
import type { SurveyedNetwork } from '../../simulator/water/survey.ts';

/** A reservoir, a street of two pipes without consumers, a gauge at either junction and a meter on the first pipe. */
const street: SurveyedNetwork = {
  file: {
    name: 'street.inp',
    bytes: new TextEncoder().encode(`[JUNCTIONS]
near 10 0
far 10 0
[RESERVOIRS]
works 80
[PIPES]
first works near 500 200 110 0 Open
second near far 300 150 110 0 Open
[COORDINATES]
near 0 0
far 300 0
[OPTIONS]
Units LPS
Headloss H-W
[END]
`),
  },
  survey: () => ({
    gauges: [
      { asset: 'street', role: 'inflow', into: 1, links: [{ id: 'first', sign: 1 }] },
      { asset: 'street', role: 'pressure', node: 'near' },
      { asset: 'street', role: 'pressure-critical', node: 'far' },
    ],
    locationOf: () => undefined,
  }),
};

/** Hazen and Williams in metres: h = 10.667 L Q^1.852 / (C^1.852 d^4.871), Q in m³/s. */
const lossM = (lengthM: number, diameterM: number, flowLs: number) =>
  (10.667 * lengthM * (flowLs / 1000) ** 1.852) / (110 ** 1.852 * diameterM ** 4.871);

describe('the sensitivity matrix', () => {
  it('is that of Hazen and Williams where the flow is known in closed form', async () => {
    const matrix = await waterMatrix(street);
    const signatures = new Signatures(matrix);
    for (const [leak, nominalLs] of matrix.leaksLs.entries()) {
      const row = signatures.row(1, leak, 1);
      const [flowLs, nearKpa, farKpa] = [0, 1, 2].map((sensor) => signatures.at(row, sensor)) as [
        number,
        number,
        number,
      ];
      const lossesM = [lossM(500, 0.2, flowLs), lossM(300, 0.15, flowLs)] as const;
      expect(nearKpa / -9.80665 / lossesM[0]).toBeCloseTo(1, 1);
      expect((nearKpa - farKpa) / 9.80665).toBeCloseTo(lossesM[1], 0);
      expect(flowLs / nominalLs).toBeCloseTo(Math.sqrt((70 + farKpa / 9.80665) / 30), 1);
    }
  });

  it('gives candidates to the asset whose meter they flow through, and no place where the network has none', async () => {
    const { candidates } = await waterMatrix(street);
    expect(candidates).toEqual([
      { id: 'near', location: null, lengthM: 400, asset: 'street' },
      { id: 'far', location: null, lengthM: 150, asset: 'street' },
    ]);
  });

  it('refuses a gauge at a node that the network does not have', async () => {
    const lost = {
      ...street,
      survey: () => ({ ...street.survey(undefined as never), gauges: [{ asset: 'a', role: 'pressure', node: 'J-9' }] }),
    };
    await expect(waterMatrix(lost)).rejects.toThrow('no "J-9" in the network');
  });
});
