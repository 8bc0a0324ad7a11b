import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modbusErrors } from '../../drivers/modbus/errors.ts';
import { ModbusLine } from '../../drivers/modbus/line.ts';
import { encodeReadRequest } from '../../drivers/modbus/pdu.ts';
import { decodeValue } from '../../drivers/modbus/registers.ts';
import { planWrite } from '../../drivers/modbus/write.ts';
import { type CommandParts, Commands, type Output } from '../../edge/control/commands.ts';
import { maxLifetimeMs, type OutputPoint } from '../../edge/control/decide.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Actor, Command } from '../../edge/core/command.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { asText } from '../../edge/core/text.ts';
import type { Misbehaviour } from '../../simulator/plc/misbehaviour.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const engineer: Actor = { name: 'li', role: 'engineer', origin: 'local' };
const place = { table: 'holding', address: 100, bit: undefined, type: 'float32', order: 'abcd' } as const;
const base: OutputPoint = { writable: true, low: 0.2, high: 0.6, unit: 'MPa', scale: 1, offset: 0, rawStep: 0 };
const points: Readonly<Record<string, OutputPoint>> = {
  'ps-1/p-set': base,
  'ps-1/flow': { ...base, writable: false },
  'ps-1/anything': { ...base, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  'ps-1/pump': { ...base, low: 0, high: 1, rawStep: 1 },
};

/** Every value that reached the plant, in order. */
let plant: number[];
let shown: number | undefined;
let events: NewEvent[];
let findings: Finding[];
let diskFails: boolean;
let scan: PlcScan;
let server: PlcServer;
let line: ModbusLine;
let commands: Commands;

const setpoint = point('p-set', {
  address: 100,
  type: 'float32',
  read: () => shown ?? plant.at(-1) ?? 0.4,
  write: (value) => {
    plant.push(value);
  },
});

async function start(misbehaviour?: Partial<Misbehaviour>): Promise<void> {
  scan = createScan(plcOf('ps-1', 1, [setpoint]), seededRandom(1));
  const bad = misbehaviour && { clock, random: seededRandom(3), shares: {}, lateMs: 0, ...misbehaviour };
  server = await serveModbus(scan, { port: 0, ...(bad ? { misbehaviour: bad } : {}) });
  line = await ModbusLine.open({
    ...{
      endpoint: { kind: 'tcp', host: '127.0.0.1', port: server.port },
      target: 'ps-1',
      timeoutMs: misbehaviour ? 400 : 10_000,
      clock,
    },
    signal: new AbortController().signal,
  });
  commands = new Commands(parts());
}

const output: Output = {
  async write(raw) {
    const answer = await line.ask(1, planWrite(place, raw));
    if (answer.kind === 'answer') return { kind: 'done' };
    const kind = answer.kind === 'timeout' ? 'unknown' : 'refused';
    return { kind, error: modbusErrors.create(kind === 'unknown' ? 'TIMEOUT' : 'EXCEPTION', asText('write p-set')) };
  },
  async readBack() {
    scan.scan();
    server.publish(0);
    const answer = await line.ask(1, encodeReadRequest('holding', 100, 2));
    if (answer.kind !== 'answer') throw modbusErrors.create('TIMEOUT', asText('read p-set'));
    const registers = Uint16Array.from([0, 1], (at) => (answer.pdu[2 + at * 2]! << 8) | answer.pdu[3 + at * 2]!);
    return decodeValue('float32', 'abcd', registers, 0);
  },
};

const parts = (): CommandParts => ({
  clock,
  log: silentLog,
  point: (tag) => points[tag],
  output: (tag) => (tag === 'ps-1/p-set' ? output : undefined),
  async append(some) {
    if (diskFails) throw new Error('the disk is full');
    events.push(...some);
    return [];
  },
  async record(event) {
    events.push(event);
  },
  onFinding: (finding) => findings.push(finding),
});

let counter = 0;
const command = (over: Partial<Command> = {}): Command => ({
  id: `c-${++counter}`,
  tag: 'ps-1/p-set',
  value: 0.5,
  expires: clock.wallMs() + 60_000,
  ...over,
});
const types = () => events.map(({ type }) => type);

beforeEach(() => {
  plant = [];
  shown = undefined;
  events = [];
  findings = [];
  diskFails = false;
});

afterEach(async () => {
  line.close();
  await server.close();
});

describe('a command', () => {
  it('is recorded, written once, read back and recorded again', async () => {
    await start();
    const result = await commands.submit(command(), engineer);
    expect(result).toMatchObject({ outcome: 'done', readBack: 0.5, code: null });
    expect(plant).toEqual([0.5]);
    expect(types()).toEqual(['command.accepted', 'command.done']);
    expect(events[1]?.data).toMatchObject({ tag: 'ps-1/p-set', value: 0.5, by: 'li', outcome: 'done', readBack: 0.5 });
    expect(findings).toEqual([]);
  });

  const now = clock.wallMs();
  const refusals: readonly (readonly [string, Partial<Command>, Partial<Actor>, string])[] = [
    ['a viewer', {}, { role: 'viewer' }, 'FORBIDDEN'],
    ['an operator', {}, { role: 'operator' }, 'FORBIDDEN'],
    ['an engineer over the network', {}, { origin: 'remote' }, 'FORBIDDEN'],
    ['a viewer for a tag that does not exist', { tag: 'x/y' }, { role: 'viewer' }, 'FORBIDDEN'],
    ['an unknown tag', { tag: 'ps-1/p-sett' }, {}, 'TAG'],
    ['a point that is not writable', { tag: 'ps-1/flow' }, {}, 'READONLY'],
    ['a value above the range', { value: 0.61 }, {}, 'RANGE'],
    ['a value below the range', { value: -0.5 }, {}, 'RANGE'],
    ['a point without a range', { tag: 'ps-1/anything' }, {}, 'RANGE'],
    ['half a switch', { tag: 'ps-1/pump', value: 0.5 }, {}, 'RANGE'],
    ['a value that is no number', { value: Number.NaN }, {}, 'TAG'],
    ['an infinite value', { value: Number.POSITIVE_INFINITY }, {}, 'TAG'],
    ['an expired command', { expires: now - 1 }, {}, 'EXPIRED'],
    ['a command without end', { expires: Number.POSITIVE_INFINITY }, {}, 'EXPIRED'],
    ['a command valid for too long', { expires: now + 2 * maxLifetimeMs }, {}, 'EXPIRED'],
    ['a command whose end is no number', { expires: Number.NaN }, {}, 'EXPIRED'],
    ['a command without id', { id: '' }, {}, 'TAG'],
  ];
  for (const [who, what, actor, code] of refusals) {
    it(`from or with ${who} writes nothing and is recorded as refused`, async () => {
      await start();
      const result = await commands.submit(command(what), { ...engineer, ...actor });
      expect(result).toMatchObject({ outcome: 'refused', code: `LL-CONTROL-${code}` });
      expect(plant).toEqual([]);
      expect(types()).toEqual(['command.refused']);
      expect(events[0]?.data).toMatchObject({ code: `LL-CONTROL-${code}` });
    });
  }

  it('that the journal cannot record is not carried out', async () => {
    await start();
    diskFails = true;
    expect(await commands.submit(command(), engineer)).toMatchObject({ code: 'LL-CONTROL-AUDIT', outcome: 'refused' });
    expect(plant).toEqual([]);
  });
});

describe('the same id', () => {
  it('gets the same answer and no second write, while under way and afterwards', async () => {
    await start();
    const one = command();
    const answers = await Promise.all([commands.submit(one, engineer), commands.submit({ ...one }, engineer)]);
    const later = await commands.submit({ ...one }, engineer);
    expect(answers[1]).toEqual(answers[0]);
    expect(later).toEqual(answers[0]);
    expect(plant).toEqual([0.5]);
    expect(types()).toEqual(['command.accepted', 'command.done']);
  });

  it('with another value or from another person is refused', async () => {
    await start();
    const one = command();
    await commands.submit(one, engineer);
    const other = await commands.submit({ ...one, value: 0.3 }, engineer);
    expect(other).toMatchObject({ outcome: 'refused', code: 'LL-CONTROL-REPLAYED' });
    const stolen = await commands.submit(one, { ...engineer, role: 'viewer' });
    expect(stolen).toMatchObject({ outcome: 'refused', code: 'LL-CONTROL-REPLAYED' });
    expect(plant).toEqual([0.5]);
  });

  it('gets its answer after a restart too, from the journal', async () => {
    await start();
    const one = command();
    const answer = await commands.submit(one, engineer);
    const again = new Commands(parts());
    for (const event of events) again.restore(event as Event);
    expect(await again.submit(one, engineer)).toEqual(answer);
    expect(plant).toEqual([0.5]);
  });

  it('whose end a restart cut off is not carried out again', async () => {
    await start();
    const one = command();
    await commands.submit(one, engineer);
    const again = new Commands(parts());
    again.restore(events[0] as Event);
    expect(await again.submit(one, engineer)).toMatchObject({ outcome: 'unknown', code: 'LL-CONTROL-UNKNOWN' });
    expect(plant).toEqual([0.5]);
  });

  it('tried by somebody who may not is still free for the engineer', async () => {
    await start();
    const one = command();
    await commands.submit(one, { ...engineer, name: 'wang', role: 'viewer' });
    expect(await commands.submit(one, engineer)).toMatchObject({ outcome: 'done' });
  });
});

it('a tag takes one command at a time', async () => {
  await start();
  const [first, second] = await Promise.all([
    commands.submit(command({ value: 0.5 }), engineer),
    commands.submit(command({ value: 0.3 }), engineer),
  ]);
  expect(first).toMatchObject({ outcome: 'done' });
  expect(second).toMatchObject({ outcome: 'refused', code: 'LL-CONTROL-BUSY' });
  expect(plant).toEqual([0.5]);
  expect(await commands.submit(command({ value: 0.3 }), engineer)).toMatchObject({ outcome: 'done' });
});

describe('a lost answer', () => {
  it('is settled by reading back: nothing is written twice', async () => {
    let answers = 0;
    // the write is the first request, and its answer the only one that is lost
    const random = { ...seededRandom(1), next: () => (answers++ === 0 ? 0 : 0.99) };
    await start({ random, shares: { silent: 0.5 } });
    expect(await commands.submit(command(), engineer)).toMatchObject({ outcome: 'done', readBack: 0.5 });
    expect(plant).toEqual([0.5]);
  });

  it('with no reading back leaves the outcome unknown, says so and alarms', async () => {
    await start({ shares: { silent: 1 } });
    const result = await commands.submit(command(), engineer);
    expect(result).toMatchObject({ outcome: 'unknown', code: 'LL-CONTROL-UNKNOWN', readBack: null });
    expect(plant).toEqual([0.5]);
    expect(types()).toEqual(['command.accepted', 'command.done']);
    expect(findings).toMatchObject([{ asset: 'ps-1', kind: 'command-failed', active: true }]);
  });
});

it('a value that reads back differently is an error and an alarm, which the next success clears', async () => {
  await start();
  shown = 0.4;
  const result = await commands.submit(command(), engineer);
  expect(result).toMatchObject({ outcome: 'failed', code: 'LL-CONTROL-MISMATCH' });
  expect(result.readBack).toBeCloseTo(0.4, 6);
  shown = undefined;
  expect(await commands.submit(command({ value: 0.3 }), engineer)).toMatchObject({ outcome: 'done' });
  expect(findings.map(({ active }) => active)).toEqual([true, false]);
  expect(findings[0]?.evidence[0]).toMatchObject({ tag: 'ps-1/p-set', expected: 0.5 });
});

it('a device that refuses the write is an error and an alarm', async () => {
  await start();
  const outside = { ...points['ps-1/p-set']!, high: 1e12 };
  const wide = new Commands({ ...parts(), point: () => outside });
  const result = await wide.submit(command({ value: 1e11 }), engineer);
  expect(result).toMatchObject({ outcome: 'failed', code: 'LL-CONTROL-DEVICE' });
  expect(plant).toEqual([]);
  expect(findings).toMatchObject([{ active: true }]);
});

it('of a thousand random commands only permitted ones reach the PLC, each once, and all are recorded', async () => {
  await start();
  const random = seededRandom(21);
  const pick = <T>(...of: readonly T[]) => of[random.integer(0, of.length - 1)] as T;
  const allowed = new Set<string>();
  const seen = new Map<string, string>();
  for (let round = 0; round < 1000; round++) {
    const actor: Actor = {
      name: pick('li', 'wang'),
      role: pick('engineer', 'engineer', 'operator', 'viewer'),
      origin: pick('local', 'local', 'remote'),
    };
    const value = Math.fround(pick(0.1, 0.2, 0.3, 0.45, 0.5999, 0.7, Number.NaN));
    const expires = clock.wallMs() + pick(60_000, 60_000, -1, 2 * maxLifetimeMs);
    const one = command({
      id: `r-${random.integer(0, 700)}`,
      tag: pick('ps-1/p-set', 'ps-1/p-set', 'ps-1/flow', 'ps-1/none'),
      value,
      expires,
    });
    const before = plant.length;
    const result = await commands.submit(one, actor);
    const mayWrite = actor.role === 'engineer' && actor.origin === 'local' && one.tag === 'ps-1/p-set';
    if (plant.length > before) {
      expect(plant.length).toBe(before + 1);
      expect(mayWrite && value >= 0.2 && value <= 0.6 && !seen.has(one.id)).toBe(true);
      expect(result).toMatchObject({ outcome: 'done', id: one.id });
      allowed.add(one.id);
      seen.set(one.id, one.tag);
    }
    if (result.outcome === 'refused') expect(result.code).toMatch(/^LL-CONTROL-/);
  }
  expect(allowed.size).toBe(plant.length);
  expect(plant.length).toBeGreaterThan(20);
  const counted = (type: string) => types().filter((one) => one === type).length;
  expect(counted('command.accepted')).toBe(plant.length);
  expect(counted('command.done')).toBe(plant.length);
  expect(counted('command.refused')).toBe(1000 - plant.length);
});
