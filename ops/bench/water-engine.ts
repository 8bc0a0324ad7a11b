import { freshFlows, linkProperty, loadEngine, nodeProperty, timeParameter } from '../../simulator/water/epanet.ts';
import { networkInp } from '../../simulator/water/inp.ts';
import { cityNetwork } from '../../simulator/water/network.ts';
import { NetworkRun } from '../../simulator/water/network-file/network-run.ts';
import { openNetwork } from '../../simulator/water/network-file/open.ts';
import type { BenchRow } from './row.ts';

/** Turns of both sides, one after the other so that neither has the machine to itself; the median counts. */
const rounds = 15;
/** Turns before them, until both are compiled. */
const warmUpRounds = 8;
const target = 0.8;

/** The hydraulic engine as the water utility runs it beside the engine by itself: the old town and a grid of 961 junctions. */
export async function benchWaterEngine(): Promise<BenchRow[]> {
  return [await waterEngine(networkInp(cityNetwork()), 400), await waterEngine(gridInp(31, 31), 40)];
}

/** One of the two sides: moves on by a second and reads every head and every flow. */
interface Side {
  readonly nodes: number;
  step(): void;
  close(): void;
}

/** Steps of 1 s with all values read, as multiples of real time: our run of a network beside the engine by itself. */
async function waterEngine(inp: string, steps: number): Promise<BenchRow> {
  const sides = [await ownRun(inp), await bareEngine(inp)] as const;
  const figures = sides.map(() => [] as number[]);
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [index, side] of sides.entries()) figures[index]?.push(timesRealTime(side, steps));
  }
  const [own = 0, bare = 1] = figures.map((all) => median(all.slice(warmUpRounds)));
  for (const side of sides) side.close();
  return {
    name: `water engine, ${sides[0].nodes} nodes, steps of 1 s, all values read`,
    value: Math.round(own),
    unit: '× real time',
    better: 'higher',
    peer: { name: 'EPANET 2.3 engine by itself', value: Math.round(bare) },
    ratio: own / bare,
    target: `≥ ${target} of the engine by itself`,
    ok: own / bare >= target,
  };
}

/** By the time of the processor that it took, which other work on the machine hardly changes. */
function timesRealTime(side: Side, steps: number): number {
  const before = process.cpuUsage();
  for (let step = 0; step < steps; step++) side.step();
  const { user, system } = process.cpuUsage(before);
  return (steps * 1e6) / (user + system);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function ownRun(inp: string): Promise<Side> {
  const warnings: number[] = [];
  const file = { name: 'bench.inp', bytes: new TextEncoder().encode(inp) };
  const { engine, model } = await openNetwork(file, (code) => warnings.push(code));
  const run = new NetworkRun(engine, model, warnings);
  return { nodes: model.nodes.length, step: () => run.step(1), close: () => run.dispose() };
}

async function bareEngine(inp: string): Promise<Side> {
  const { engine, writeFile } = await loadEngine(() => {});
  writeFile('bench.inp', inp);
  engine.open('bench.inp', 'bench.rpt', 'bench.bin');
  engine.setStatusReport(0);
  engine.setTimeParameter(timeParameter.duration, 2 ** 31 - 1);
  engine.setTimeParameter(timeParameter.hydraulicStep, 1);
  engine.openH();
  engine.initH(freshFlows);
  const step = () => {
    engine.runH();
    engine.getNodeValues(nodeProperty.head);
    engine.getLinkValues(linkProperty.flow);
    engine.nextH();
  };
  const close = () => {
    engine.closeH();
    engine.close();
  };
  return { nodes: engine.getNodeValues(nodeProperty.head).length, step, close };
}

/** A looped grid of streets by gravity, as the default city's network is written. */
function gridInp(columns: number, rows: number): string {
  const at = (column: number, row: number) => `n${column}-${row}`;
  const cells = Array.from(
    { length: columns * rows },
    (_, cell) => [cell % columns, Math.floor(cell / columns)] as const,
  );
  const junctions = cells.map(([column, row]) => `${at(column, row)} ${10 + ((column * 7 + row * 3) % 9)} 0.15`);
  const pipe = (from: string, to: string, mm: number) => `${from}_${to} ${from} ${to} 110 ${mm} 120 0 Open`;
  const pipes = cells.flatMap(([column, row]) => [
    ...(column + 1 < columns ? [pipe(at(column, row), at(column + 1, row), row === 0 ? 500 : 150)] : []),
    ...(row + 1 < rows ? [pipe(at(column, row), at(column, row + 1), column % 6 === 0 ? 300 : 150)] : []),
  ]);
  return `[JUNCTIONS]
${junctions.join('\n')}
[RESERVOIRS]
source 70
[TANKS]
tank 55 4 0 8 25 0
[PIPES]
${[pipe('source', at(0, 0), 600), pipe('tank', at(columns - 1, rows - 1), 400), ...pipes].join('\n')}
[OPTIONS]
Units LPS
Headloss H-W
Demand Model PDA
Required Pressure 20
[END]
`;
}
