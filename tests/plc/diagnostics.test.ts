import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { encodeReadRequest, encodeWriteRequest } from '../../drivers/modbus/pdu.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { memoryLine } from '../../simulator/plc/memory-line.ts';
import { MemoryOpcuaServer } from '../../simulator/plc/memory-opcua.ts';
import { faceModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { places } from '../../simulator/plc/server.ts';
import { clientNumber } from '../../simulator/plc/traffic.ts';
import { plcOf, point } from './plc.ts';

const startMs = Date.UTC(2026, 0, 12);
const [engineer, intruder] = ['10.0.0.31', '10.66.7.8'];

/** A PLC with its Modbus face; `show` makes the next scan, a second later, and reads what it tells of itself. */
function desk() {
  let setpoint = 1;
  const set = point('set', {
    read: () => setpoint,
    write: (value) => {
      setpoint = value;
    },
  });
  const { plc, self } = selfTelling(plcOf('ps-1', 1, [set, point('level', { address: 1 })]));
  const scan = createScan(plc, seededRandom(1));
  const face = faceModbus(scan);
  let nowMs = startMs;
  const show = () => {
    nowMs += 1000;
    scan.scan();
    face.publish(nowMs);
    return Object.fromEntries(
      plc.points.map(({ name }, index) => [name.replace('plc-', ''), scan.engineering(index)] as const),
    );
  };
  const join = (address: string) => {
    const [client, server] = memoryLine();
    client.on('error', () => undefined);
    client.resume();
    face.admit(server, address);
    return client;
  };
  show();
  return { plc, self, show, join, nowMs: () => nowMs, setpoint: () => setpoint };
}

const send = (client: Duplex, pdu: Uint8Array, unit = 1) => client.write(encodeMbap(1, unit, pdu));
const settled = () => new Promise((resolve) => setImmediate(resolve));
const leave = async (client: Duplex) => {
  client.destroy();
  await settled();
};

describe('what a PLC tells of itself', () => {
  it('stands behind its own points, which stay where they are; a meter keeps the map of its maker', () => {
    const plc = plcOf('ps-1', 1, [point('level', {})]);
    const told = selfTelling(plc).plc;
    expect(told.points[0]).toBe(plc.points[0]);
    expect(told.points.slice(1).map(({ name, address }) => [name, address])).toEqual([
      ['plc-connections', 9000],
      ['plc-clients', 9001],
      ['plc-refused', 9002],
      ['plc-requests', 9003],
      ['plc-exceptions', 9004],
      ['plc-writes', 9005],
      ['plc-last-writer', 9006],
      ['plc-last-write', 9010],
      ['plc-maintenance', 9012],
      ['plc-places-free', 9013],
      ['plc-clock', 9014],
      ['plc-uptime', 9018],
      ['plc-restarts', 9020],
      ['plc-scan-time', 9021],
      ['plc-mode', 9023],
    ]);
    const meter = { ...plc, profile: { name: 'schneider-pm5000', whole: true } };
    expect(selfTelling(meter).plc).toBe(meter);
  });

  it('counts connections and clients as they come and go', async () => {
    const { show, join } = desk();
    const first = join(engineer);
    join(engineer);
    join(intruder);
    expect(show()).toMatchObject({ connections: 3, clients: 2, refused: 0, 'places-free': 29 });
    await leave(first);
    expect(show()).toMatchObject({ connections: 2, clients: 2 });
  });

  it('counts requests and refusals, and remembers who wrote last, and when', async () => {
    const { show, join, nowMs, setpoint } = desk();
    const [one, other] = [join(engineer), join(intruder)];
    send(one, encodeReadRequest('holding', 0, 2));
    send(other, encodeReadRequest('holding', 5000, 1));
    send(other, encodeReadRequest('holding', 0, 1), 99);
    send(other, encodeWriteRequest('holding', 0, Uint16Array.of(7)));
    await settled();
    const wroteMs = nowMs();
    const told = show();
    expect(told).toMatchObject({ requests: 4, exceptions: 2, writes: 1, 'last-writer': 10_066_007_008 });
    expect(Math.abs(told['last-write']! * 1000 - wroteMs)).toBeLessThanOrEqual(1000);
    expect(setpoint()).toBe(7);
    show();
    expect(show()['last-write']).toBe(told['last-write']);
  });

  it('adds what clients of the city do to what its own clients do', async () => {
    const { self, show, join, nowMs } = desk();
    join(engineer);
    self.traffic.connect(clientNumber(intruder));
    self.traffic.wrote(clientNumber(intruder), nowMs());
    expect(show()).toMatchObject({ connections: 2, clients: 2, writes: 1, 'last-writer': 10_066_007_008 });
    const client = join(engineer);
    send(client, encodeWriteRequest('holding', 0, Uint16Array.of(3)));
    await settled();
    expect(show()).toMatchObject({ connections: 3, writes: 2, 'last-writer': 10_000_000_031 });
  });

  it('has no place left for its own clients when those of the city hold them all', async () => {
    const { self, show, join } = desk();
    const stays = join(engineer);
    for (let taken = 1; taken < places['modbus-tcp']; taken++) self.traffic.connect(clientNumber(intruder));
    show();
    expect(join(engineer).destroyed).toBe(false);
    await settled();
    expect(show()).toMatchObject({ connections: places['modbus-tcp'], 'places-free': 0, refused: 1 });
    await leave(stays);
    join(engineer);
    expect(show()).toMatchObject({ connections: places['modbus-tcp'], refused: 1 });
  });

  it('lets its counters wrap as 16-bit ones do', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (foreign, more) => {
        const { self, show } = desk();
        self.traffic.requests = foreign;
        const before = show()['requests']!;
        self.traffic.requests += more;
        expect((before + more) % 65_536).toBe(show()['requests']);
      }),
      { numRuns: 20 },
    );
  });

  it('is told by OPC UA alike', () => {
    const { plc, self } = selfTelling({ ...plcOf('well', 1, [point('level', {})]), protocol: 'opcua' });
    const scan = createScan(plc, seededRandom(1));
    const server = new MemoryOpcuaServer(scan, startMs);
    const told = new Map<number, unknown>();
    const end = server.watch(
      [{ node: 'ns=1;s=well.plc-connections', periodMs: 1000 }],
      (place, { value }) => told.set(place, value),
      () => undefined,
    );
    self.traffic.connect(clientNumber(intruder));
    scan.scan();
    server.publish(startMs + 1000);
    expect(told.get(0)).toBe(2);
    end?.();
    for (let taken = 0; taken < 9; taken++) self.traffic.connect(clientNumber(intruder));
    scan.scan();
    server.publish(startMs + 2000);
    const refused = server.watch(
      [],
      () => undefined,
      () => undefined,
    );
    expect(refused).toBeUndefined();
  });
});

it('writes a client address as a number of three digits an octet', () => {
  expect([clientNumber('10.0.3.17'), clientNumber('::ffff:127.0.0.1'), clientNumber('::1')]).toEqual([
    10_000_003_017, 127_000_000_001, 0,
  ]);
});
