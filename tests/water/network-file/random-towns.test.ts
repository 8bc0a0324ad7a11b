import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeProperty } from '../../../simulator/water/epanet.ts';
import { NetworkRun } from '../../../simulator/water/network-file/network-run.ts';
import { openNetwork } from '../../../simulator/water/network-file/open.ts';
import { fileOf, type Shape, townInp } from './networks.ts';

const shape = fc.record({
  columns: fc.integer({ min: 2, max: 9 }),
  rows: fc.integer({ min: 1, max: 6 }),
  loops: fc.double({ min: 0, max: 1, noNaN: true }),
  headloss: fc.constantFrom('H-W', 'D-W', 'C-M'),
  supply: fc.constantFrom('gravity', 'power', 'one-point', 'three-point', 'many-points'),
  tanks: fc.integer({ min: 0, max: 3 }),
  valve: fc.constantFrom(undefined, 'PRV', 'FCV', 'TCV', 'PSV', 'GPV'),
  chlorine: fc.boolean(),
  style: fc.constantFrom('plain', 'shuffled', 'tabs'),
});

/** A town as it runs, with the engine that it runs in. */
async function runOf(seed: number, town: Shape) {
  const warnings: number[] = [];
  const opened = await openNetwork(fileOf('town.inp', townInp(seed, town)), (code) => warnings.push(code));
  return { ...opened, run: new NetworkRun(opened.engine, opened.model, warnings) };
}

const drawn = ({ valve, ...rest }: { readonly valve: Shape['valve'] } & Omit<Shape, 'valve'>): Shape =>
  valve ? { ...rest, valve } : rest;

/** Content of a town's tank at a level. */
const tankM3 = (levelM: number) => (Math.PI / 4) * 18 ** 2 * levelM;

describe('towns of any shape', () => {
  it('have a solution at every hour of a day, and no water comes or goes but by sources and customers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), shape, async (seed, town) => {
        const { run, model } = await runOf(seed, drawn(town));
        for (let hour = 0; hour < 24; hour++) {
          run.step(3600);
          expect(run.trouble).toBeUndefined();
          const balance = model.nodes.map(() => 0);
          for (const { index, from, to } of model.links) {
            balance[from - 1]! -= run.flows[index - 1]!;
            balance[to - 1]! += run.flows[index - 1]!;
          }
          for (const { index } of model.nodes) {
            expect(balance[index - 1]).toBeCloseTo(run.nodeValue(index, nodeProperty.demand), 1);
          }
        }
        run.dispose();
      }),
      { numRuns: 15 },
    );
  });

  it('fill and empty their tanks by just what flows in and out, at the brim too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), shape, async (seed, town) => {
        const { run, model } = await runOf(seed, { ...drawn(town), tanks: 1 });
        const tank = model.nodes.find(({ kind }) => kind === 'tank')!;
        const volumeM3 = () => run.nodeValue(tank.index, nodeProperty.volume);
        for (let step = 0; step < 150; step++) {
          const [before, inflowM3] = [volumeM3(), (run.nodeValue(tank.index, nodeProperty.demand) * 60) / 1000];
          run.step(60);
          const change = volumeM3() - before;
          const stopped = volumeM3() >= 0.999 * tankM3(tank.depthM) || volumeM3() <= 1.001 * tankM3(tank.leastM);
          // The engine takes a tank as full, or as empty, that will be within a second (hydraul.c, tanklevels).
          if (stopped) expect(Math.abs(change)).toBeLessThanOrEqual((Math.abs(inflowM3) * 61) / 60 + 1e-6);
          else expect(change).toBeCloseTo(inflowM3, 2);
          if (stopped && step > 5 && change === 0) {
            expect(Math.abs(run.nodeValue(tank.index, nodeProperty.demand))).toBeLessThan(0.01);
          }
        }
        run.dispose();
      }),
      { numRuns: 15 },
    );
  });

  it('are the same whatever units their file counts in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        shape,
        fc.constantFrom('CMH' as const, 'GPM' as const, 'MGD' as const, 'CFS' as const),
        async (seed, town, units) => {
          const plain = { ...drawn(town), chlorine: false, headloss: 'H-W' as const };
          const [metric, other] = [await runOf(seed, plain), await runOf(seed, { ...plain, units })];
          for (const { run } of [metric, other]) run.step(3600);
          for (const [index, head] of metric.run.heads.entries()) {
            expect(Math.abs(other.run.heads[index]! - head)).toBeLessThan(0.6);
          }
          for (const { run } of [metric, other]) run.dispose();
        },
      ),
      { numRuns: 12 },
    );
  });
});
