import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ModbusClient, prepareRead, type ReadOutcome } from '../../drivers/modbus/client.ts';
import { connectTcp } from '../../drivers/modbus/connect.ts';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { ModbusLink } from '../../drivers/modbus/link.ts';
import { encodeReadRequest } from '../../drivers/modbus/pdu.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type Misbehaviour, modbusFaults } from '../../simulator/plc/misbehaviour.ts';
import { type ModbusServerOptions, serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { plcOf, point } from './plc.ts';

const clock = realClock();
const scanOf = (unit: number, value: number) =>
  createScan(plcOf(`plc-${unit}`, unit, [point('value', { read: () => value })]), seededRandom(unit));

let server: PlcServer;
const endings: (() => void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await server.close();
});

const serve = async (options: Partial<ModbusServerOptions>) => {
  server = await serveModbus(scanOf(1, 100), { port: 0, ...options });
};

async function link(timeoutMs: number): Promise<ModbusClient> {
  const socket = await connectTcp({ host: '127.0.0.1', port: server.port }, 'plc', clock, new AbortController().signal);
  const client = new ModbusClient(new ModbusLink(socket, { clock, maxInFlight: 1 }), {
    target: 'plc',
    timeoutMs,
    lost: () => undefined,
  });
  endings.push(() => client.close());
  return client;
}

async function readOf(client: ModbusClient, unit: number): Promise<number | ReadOutcome> {
  const into = new Uint16Array(1);
  const outcome = await client.read(prepareRead(unit, 'holding', 0, 1), into);
  return outcome.kind === 'values' ? (into[0] as number) : outcome;
}

describe('a port with several units', () => {
  it('answers each from its own registers, and says that others are not there', async () => {
    await serve({ beside: [scanOf(2, 200), scanOf(247, 300)] });
    const client = await link(5000);
    expect(await Promise.all([readOf(client, 247), readOf(client, 1), readOf(client, 2)])).toEqual([300, 100, 200]);
    expect(await readOf(client, 3)).toEqual({ kind: 'exception', exception: 11 });
  });

  it('refuses two PLCs with one unit id', async () => {
    await serve({});
    await expect(serveModbus(scanOf(1, 1), { port: 0, beside: [scanOf(1, 2)] })).rejects.toThrow('unit 1');
  });

  it('goes on for the others when one is silent', async () => {
    const silentUnits = new Set([2]);
    const misbehaviour = { clock, random: seededRandom(1), shares: {}, lateMs: 0, silentUnits };
    await serve({ beside: [scanOf(2, 200)], misbehaviour });
    const client = await link(300);
    expect(await readOf(client, 2)).toMatchObject({ kind: 'timeout' });
    expect(await readOf(client, 1)).toBe(100);
  });
});

it('a slow PLC answers when its time has come, not before', async () => {
  const virtual = new VirtualClock(0);
  let noticed: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    noticed = resolve;
  });
  const delayMs = () => {
    noticed();
    return 700;
  };
  await serve({ slowness: { clock: virtual, delayMs } });
  const client = await link(60_000);
  let answered = false;
  const read = readOf(client, 1).finally(() => {
    answered = true;
  });
  await asked;
  await virtual.advance(699);
  expect(answered).toBe(false);
  await virtual.advance(1);
  expect(await read).toBe(100);
});

/** All bytes that come back for `count` requests sent one after the other, until the server is through. */
function bytesOf(misbehaviour: Misbehaviour, count: number): Promise<string> {
  return serveModbus(scanOf(1, 100), { port: 0, misbehaviour }).then(
    (one) =>
      new Promise<string>((resolve) => {
        let seen = '';
        const socket = connect({ host: '127.0.0.1', port: one.port });
        socket.on('data', (chunk) => {
          seen += Buffer.from(chunk).toString('hex');
        });
        socket.on('close', () => void one.close().then(() => resolve(seen)));
        for (let id = 0; id < count; id++) socket.write(encodeMbap(id, 1, encodeReadRequest('holding', 0, 1)));
        socket.end();
      }),
  );
}

describe('misbehaviour', () => {
  it('repeats by seed', async () => {
    await serve({});
    const shares = { 'swapped-id': 0.2, 'wrong-unit': 0.2, garbage: 0.2, 'wrong-length': 0.2, silent: 0.1 };
    const by = (seed: number) => ({ clock, random: seededRandom(seed), shares, lateMs: 0 });
    const first = await bytesOf(by(7), 40);
    expect(await bytesOf(by(7), 40)).toBe(first);
    expect(await bytesOf(by(8), 40)).not.toBe(first);
  });

  it('changes nothing in the bytes of merged answers, and ends them early on a half-open connection', async () => {
    const by = (shares: Misbehaviour['shares']) => ({ clock, random: seededRandom(3), shares, lateMs: 0 });
    await serve({});
    const right = await bytesOf(by({}), 40);
    const merged = await bytesOf(by({ merged: 0.5 }), 40);
    expect(merged.length).toBeGreaterThan(right.length / 2);
    expect(right.startsWith(merged)).toBe(true);
    const cut = await bytesOf(by({ 'half-open': 0.1 }), 40);
    expect(cut.length).toBeLessThan(right.length);
    expect(right.startsWith(cut)).toBe(true);
  });

  for (const fault of modbusFaults) {
    it(`${fault}: no wrong value is taken, and a good answer counts again on a link that stands`, async () => {
      const shares = { [fault]: 0.5 };
      await serve({ misbehaviour: { clock, random: seededRandom(11), shares, lateMs: 60 } });
      let good = 0;
      let bad = 0;
      let client = await link(40);
      while (good < 4 || (bad < 3 && fault !== 'fragments')) {
        const outcome = await readOf(client, 1).catch((error: unknown) => error);
        if (outcome === 100) good++;
        else {
          bad++;
          if (outcome instanceof LifelineError) client = await link(40);
          else expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(timeout|exception)$/) });
        }
      }
      if (fault === 'fragments') expect(bad).toBe(0);
    });
  }
});
