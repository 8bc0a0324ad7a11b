import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc } from '../../simulator/city/plant.ts';
import { countedNetwork } from '../../simulator/plc/counted-lines.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { ForeignClient } from '../../simulator/plc/foreign-client.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';
import { loopbackOf, SocketNetwork } from '../../simulator/plc/socket-network.ts';
import { clientNumber } from '../../simulator/plc/traffic.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { becomes } from './event.ts';
import { plcOf, point } from './plc.ts';

const startMs = Date.UTC(2026, 0, 12);
const intruder = '10.66.3.4';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const serve = async (scan: PlcScan, protocol: Plc['protocol'], stateDir: string) =>
  protocol === 'opcua' ? serveOpcua(scan, { port: await freePort(), stateDir }) : serveModbus(scan, { port: 0 });

/** A PLC with one setting that can be written, and a foreign client of it. */
async function station(protocol: Plc['protocol'], carrier: 'sockets' | 'memory') {
  const process = { setting: 2, powered: true };
  const set = point('set', {
    ...{ type: 'float32', low: -100, high: 100, read: () => process.setting },
    write: (value) => {
      process.setting = value;
    },
  });
  const { plc, self } = selfTelling({ ...plcOf('ps-1', 1, [set]), protocol, powered: () => process.powered });
  const scan = createScan(plc, seededRandom(1));
  let nowMs = startMs;
  const linesBySockets = async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'lifeline-foreign-'));
    const server = await serve(scan, protocol, stateDir);
    const network = new SocketNetwork();
    await network.reach([server], stateDir);
    ends.push(
      () => server.close(),
      () => network.close(),
    );
    return { lines: network.linesTo({ plc }, intruder), server, network };
  };
  const inMemory = { lines: countedNetwork.linesTo({ plc, self }, intruder, () => nowMs) };
  const { lines, server, network } = {
    server: undefined,
    network: undefined,
    ...inMemory,
    ...(carrier === 'sockets' ? await linesBySockets() : {}),
  };
  /** What the PLC tells of its clients in its next scan. */
  const told = () => {
    nowMs += 1000;
    self.step(1);
    scan.scan();
    server?.publish(nowMs);
    const read = (name: string) => scan.engineering(plc.points.findIndex((one) => one.name === `plc-${name}`));
    return {
      ...{ connections: read('connections'), clients: read('clients'), refused: read('refused') },
      ...{ requests: read('requests'), exceptions: read('exceptions'), writes: read('writes') },
    };
  };
  const lastWriter = () => scan.engineering(plc.points.findIndex(({ name }) => name === 'plc-last-writer'));
  told();
  const client = new ForeignClient(lines);
  return { set: plc.points[0] ?? set, process, client, lines, network, told, lastWriter };
}

type Station = Awaited<ReturnType<typeof station>>;

const gone = ({ client }: Station) => new Promise<void>((resolve) => client.leave(resolve));
/** What a PLC has come to, what its client takes for its connections included. */
const state = ({ told, lines, process: { setting } }: Station) => ({ ...told(), count: lines.count, setting });

const doings = {
  hold: ({ client }: Station, figure: number) => client.hold(figure),
  grasp: ({ client }: Station, figure: number) => client.grasp(figure),
  read: ({ client, set }: Station) => client.read(set),
  write: ({ client, set }: Station, figure: number) => client.write(set, figure),
  probe: ({ client }: Station, figure: number) => client.probe(figure, 3, 5000 + figure),
  supply: ({ process }: Station, figure: number) => {
    process.powered = figure > 5;
  },
} as const;
const doing = fc.record({
  what: fc.constantFrom(...(Object.keys(doings) as (keyof typeof doings)[])),
  figure: fc.integer({ min: 0, max: 40 }),
});

describe('a foreign client', () => {
  it('comes to the same for a PLC over memory and over sockets, whatever it does and however the supply stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 1, maxLength: 12 }), async (course) => {
        const bySockets = await station('modbus-tcp', 'sockets');
        const inMemory = await station('modbus-tcp', 'memory');
        for (const { what, figure } of course) {
          for (const one of [bySockets, inMemory]) doings[what](one, figure);
          await becomes(() => state(bySockets), state(inMemory));
        }
        await Promise.all([gone(bySockets), gone(inMemory)]);
        expect(state(bySockets)).toEqual(state(inMemory));
      }),
      { numRuns: 25 },
    );
  });

  it.each(['modbus-tcp', 'opcua'] as const)(
    'has by sockets, to a PLC of %s, an address of its own',
    async (protocol) => {
      const one = await station(protocol, 'sockets');
      one.client.hold(1);
      one.client.write(one.set, 7.5);
      one.client.probe(9, 3, 9999);
      await gone(one);
      expect(one.process.setting).toBe(7.5);
      expect(one.told()).toMatchObject({ connections: 0, writes: 1, exceptions: 1 });
      const address = process.platform === 'linux' ? loopbackOf(intruder) : '127.0.0.1';
      expect(one.lastWriter()).toBe(clientNumber(address));
    },
  );

  it('gets no more sessions of an OPC UA server than it has, loses them with its supply and finds others after it', async () => {
    const one = await station('opcua', 'sockets');
    one.client.grasp(13);
    await becomes(() => one.lines.count, 10);
    expect(one.told()).toMatchObject({ connections: 10, clients: 1, refused: 3 });
    one.process.powered = false;
    await becomes(() => [one.told().connections, one.lines.count], [0, 0]);
    one.process.powered = true;
    await becomes(() => {
      one.client.hold(1);
      return [one.told().connections, one.lines.count];
    }, [1, 1]);
    await gone(one);
    expect(one.told().connections).toBe(0);
  });

  it('is gone when its network closes', async () => {
    const one = await station('modbus-tcp', 'sockets');
    one.client.hold(20);
    await becomes(() => one.told().connections, 20);
    one.network?.close();
    await becomes(() => [one.told().connections, one.lines.count], [0, 0]);
  });
});
