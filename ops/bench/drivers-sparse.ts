import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { floatPoint } from './float-point.ts';
import type { BenchRow } from './row.ts';
import { simulatedScan } from './simulated-plc.ts';

const blocks = 200;
const blockRegisters = 2;
const maxHole = 4;
const roundTripMs = 20;
const mostMs = 200;
const cycles = 9;
const clock = realClock();

/**
 * A PLC whose points lie apart, behind a slow bridge or radio: each answer takes 20 ms. One cycle with default settings,
 * beside one that never reads a hole, as clients do that merge only what touches.
 */
export async function benchSparse(): Promise<BenchRow[]> {
  const random = seededRandom(4);
  let next = 0;
  const addresses = Array.from({ length: blocks }, () => {
    const address = next;
    next = address + blockRegisters + random.integer(1, maxHole);
    return address;
  });
  const scan = simulatedScan(blocks, {
    ...{ type: 'float32', width: blockRegisters },
    valueAt: (index) => index + 0.5,
    addressAt: (index) => addresses[index] as number,
  });
  const server = await serveModbus(scan, { port: 0, slowness: { clock, delayMs: () => roundTripMs } });
  try {
    const value = await cycleMs(server.endpoint, addresses, {});
    const peer = { name: 'no hole read along', value: await cycleMs(server.endpoint, addresses, { maxGap: 0 }) };
    return [
      {
        name: `D4 sparse: cycle of ${blocks} × ${blockRegisters} registers, holes 1–${maxHole}, ${roundTripMs} ms round trip`,
        ...{ value, unit: 'ms', better: 'lower', peer, ratio: value / peer.value },
        ...{ target: `≤ ${mostMs}`, ok: value <= mostMs },
      },
    ];
  } finally {
    await server.close();
  }
}

/** The median of several cycles of one device; throws unless all values are right. */
async function cycleMs(endpoint: string, addresses: readonly number[], options: object): Promise<number> {
  const points = addresses.map((address, index) => floatPoint(index, `plc/r${index}`, address, 10_000));
  const ignored = { batch: () => undefined, lost: () => undefined };
  const host = { clock, random: seededRandom(1), log: silentLog, stateDir: '' };
  const device = { id: 'plc', endpoint, points, options: { ...options } };
  const session = await modbusDriver.open(device, ignored, host, new AbortController().signal);
  const tookMs: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const beganMs = clock.monotonicMs();
    const batch = await session.polls[0]?.read();
    tookMs.push(clock.monotonicMs() - beganMs);
    const right = batch?.values.every((value, row) => value === (batch.tags[row] ?? 0) + 0.5);
    if (!right || !batch?.quality.every(isGood)) throw new Error(`bench drivers: cycle ${cycle} read wrong values`);
  }
  await session.close();
  return tookMs.sort((a, b) => a - b)[cycles >>> 1] ?? Number.NaN;
}
