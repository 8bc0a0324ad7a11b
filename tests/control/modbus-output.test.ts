import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceDefinition, DevicePoint, DriverSession } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Misbehaviour } from '../../simulator/plc/misbehaviour.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const host = { clock, random: seededRandom(1), log: silentLog, stateDir: tmpdir() };

let server: PlcServer;
let session: DriverSession;
let taken: Record<string, number[]>;
let good: boolean;

function into(name: string): (value: number) => void {
  return (value) => {
    taken[name] = [...(taken[name] ?? []), value];
  };
}

const at = (name: string, over: Partial<DevicePoint>): DevicePoint => ({
  ...{ tag: 0, name: `ps-1/${name}`, periodMs: 1000, table: 'holding', address: 0, bit: undefined },
  ...{ type: 'uint16', order: 'abcd', node: '', writable: true },
  ...over,
});
const setpoint = at('set', { address: 100, type: 'float32', order: 'cdab' });
const coil = at('cmd', { table: 'coil', address: 9, type: 'bool' });
const bit = at('bit', { address: 102, type: 'bool', bit: 3 });
const measured = at('flow', { address: 0 });

async function open(options: DeviceDefinition['options'] = {}, shares?: Misbehaviour['shares']): Promise<void> {
  taken = {};
  good = true;
  const plc = plcOf('ps-1', 1, [
    point('flow', { address: 0, read: () => 7 }),
    point('set', { address: 100, type: 'float32', order: 'cdab', low: 0, high: 1, write: into('set') }),
    point('bits', { address: 102, read: () => 5, low: 0, high: 65_535, write: into('bits') }),
    point('cmd', { table: 'coil', address: 9, type: 'bool', write: into('cmd') }),
  ]);
  const random = { ...seededRandom(1), next: () => (good ? 1 : 0) };
  server = await serveModbus(createScan(plc, seededRandom(1)), {
    port: 0,
    ...(shares ? { misbehaviour: { clock, random, shares, lateMs: 0 } } : {}),
  });
  const points = [measured, setpoint, coil, bit].map((one, tag) => ({ ...one, tag }));
  const device = { id: 'ps-1', endpoint: server.endpoint, points, options: { timeoutMs: 10_000, ...options } };
  const events = { batch: () => undefined, lost: () => undefined };
  session = await modbusDriver.open(device, events, host, new AbortController().signal);
}

beforeEach(() => {
  taken = {};
});

afterEach(async () => {
  await session.close();
  await server.close();
});

describe('a Modbus session', () => {
  it('writes registers and coils into the plant and reads them back', async () => {
    await open();
    expect(await session.write?.(setpoint, 0.5)).toEqual({ kind: 'done' });
    expect(await session.write?.(coil, 1)).toEqual({ kind: 'done' });
    expect(taken).toEqual({ set: [0.5], cmd: [1] });
    expect(await session.readBack?.(setpoint)).toBe(0.5);
    expect(await session.readBack?.(coil)).toBe(1);
  });

  it('writes between the reads of a poll without disturbing it', async () => {
    await open();
    const polls = Promise.all(session.polls.map((poll) => poll.read()));
    const writes = Promise.all(Array.from({ length: 20 }, (_, n) => session.write?.(setpoint, n / 32)));
    expect((await writes).every((outcome) => outcome?.kind === 'done')).toBe(true);
    expect([...(taken['set'] ?? [])].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n / 32));
    for (const batch of await polls) expect([...batch.quality]).toEqual([...batch.quality].map(() => 0));
  });

  it('leaves bits of registers alone unless its device allows to rewrite them', async () => {
    await open();
    expect(await session.write?.(bit, 1)).toMatchObject({ kind: 'refused', error: { code: 'LL-MODBUS-WRITE' } });
    expect(taken).toEqual({});
    await session.close();
    await server.close();
    await open({ writeBits: true });
    expect(await session.write?.(bit, 1)).toEqual({ kind: 'done' });
    expect(taken).toEqual({ bits: [5 | 8] });
    expect(await session.readBack?.(bit)).toBe(1);
  });

  it('passes on what the device refuses', async () => {
    await open();
    expect(await session.write?.(measured, 1)).toMatchObject({
      kind: 'refused',
      error: { code: 'LL-MODBUS-EXCEPTION' },
    });
    expect(await session.write?.(setpoint, 2)).toMatchObject({
      kind: 'refused',
      error: { code: 'LL-MODBUS-EXCEPTION' },
    });
    expect(taken).toEqual({});
  });

  it('says that a write without answer may have been carried out', async () => {
    await open({ timeoutMs: 300 }, { silent: 0.5 });
    good = false;
    expect(await session.write?.(setpoint, 0.25)).toMatchObject({
      kind: 'unknown',
      error: { code: 'LL-MODBUS-TIMEOUT' },
    });
    expect(taken).toEqual({ set: [0.25] });
    good = true;
    expect(await session.readBack?.(setpoint)).toBe(0.25);
  });

  it('says so too when the link breaks in the middle of the answer', async () => {
    await open({}, { reset: 0.5 });
    good = false;
    expect(await session.write?.(setpoint, 0.25)).toMatchObject({
      kind: 'unknown',
      error: { code: 'LL-MODBUS-CLOSED' },
    });
    expect(taken).toEqual({ set: [0.25] });
    await expect(session.readBack?.(setpoint)).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
  });
});
