import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import type { DeviceDefinition, DevicePoint, DriverSession } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type Talking, withProcess } from '../../ops/bench/processes.ts';
import { withPtyPair } from '../../ops/bench/pty-pair.ts';
import { pointAt, testHost } from '../drivers/peer.ts';
import { dissect } from './dissection.ts';
import { type Passed, RecordingRelay } from './recording-relay.ts';
import { expectedPoints, heldAt, places, written } from './register-map.ts';
import { python } from './setup.ts';

/** A server by somebody else that runs. */
interface Served {
  readonly endpoint: string;
  /** What passed between our driver and it; undefined on serial lines. */
  readonly passed: readonly Passed[] | undefined;
  /** Has the server say what its own memory holds. */
  ask(command: string): Promise<string>;
}

type Serve = (use: (served: Served) => Promise<void>) => Promise<void>;

const pymodbus = fileURLToPath(new URL('./pymodbus-peer.py', import.meta.url));
/** A program and its arguments. */
type Call = readonly [string, readonly string[]];
const libmodbusCall = (...words: string[]): Call => [inject('libmodbusPeer'), words];
const pymodbusCall = (...words: string[]): Call => [python, [pymodbus, ...words]];

const asker =
  ({ say, nextLine }: Talking) =>
  (command: string) => {
    say(command);
    return nextLine();
  };

/** A server on TCP, with a relay in front of it that records. */
function overTcp(scheme: 'tcp' | 'rtu+tcp', [command, args]: Call): Serve {
  return (use) =>
    withProcess(command, args, async (talking) => {
      const relay = new RecordingRelay(Number(await talking.nextLine()));
      try {
        const endpoint = `${scheme}://127.0.0.1:${await relay.listen()}`;
        await use({ endpoint, passed: relay.passed, ask: asker(talking) });
      } finally {
        await relay.close();
      }
    });
}

/** A server on one end of a pseudo-terminal pair; the driver takes the other. */
function overSerial(callOf: (path: string) => Call): Serve {
  return (use) =>
    withPtyPair((near, far) => {
      const [command, args] = callOf(far);
      return withProcess(command, args, async (talking) => {
        await talking.nextLine();
        await use({ endpoint: `serial://${near}?baud=9600&parity=none`, passed: undefined, ask: asker(talking) });
      });
    });
}

async function withSession(
  endpoint: string,
  points: readonly DevicePoint[],
  options: DeviceDefinition['options'],
  use: (session: DriverSession) => Promise<void>,
): Promise<void> {
  const device = { id: 'peer', endpoint, points, options: { unit: 1, timeoutMs: 5000, ...options } };
  modbusDriver.validate(device);
  const unasked = {
    batch: () => undefined,
    lost: (error: Error) => {
      throw error;
    },
  };
  const session = await modbusDriver.open(device, unasked, testHost(), new AbortController().signal);
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

const points = {
  coil: pointAt(0, written.coil, { table: 'coil', type: 'bool', writable: true }),
  word: pointAt(1, written.word, { writable: true }),
  float: pointAt(2, written.float, { type: 'float32', order: 'cdab', writable: true }),
  absent: pointAt(3, places + 10, { writable: true }),
} as const;

const servers: readonly (readonly [string, 'mbtcp' | 'mbrtu', () => Serve])[] = [
  ['libmodbus over TCP', 'mbtcp', () => overTcp('tcp', libmodbusCall('serve'))],
  ['pymodbus over TCP', 'mbtcp', () => overTcp('tcp', pymodbusCall('serve'))],
  ['pymodbus with RTU over TCP', 'mbrtu', () => overTcp('rtu+tcp', pymodbusCall('serve-rtu-tcp'))],
  ['libmodbus on a serial line', 'mbrtu', () => overSerial((path) => libmodbusCall('serve-rtu', path))],
  ['pymodbus on a serial line', 'mbrtu', () => overSerial((path) => pymodbusCall('serve-rtu', path))],
];

describe.each(servers)('the Modbus driver against %s', (_, protocol, server) => {
  test('reads all four tables and every type and order as the server holds them', () =>
    server()(async ({ endpoint, passed }) => {
      const { points: all, values } = expectedPoints();
      await withSession(endpoint, all, {}, async ({ polls }) => {
        const [poll] = polls;
        for (let round = 0; round < 3; round++) {
          const batch = await poll!.read();
          expect([...batch.values]).toEqual([...batch.tags].map((tag) => values[tag]));
          expect(new Set(batch.quality)).toEqual(new Set([Quality.good]));
        }
      });
      if (!passed) return;
      const { functions, requests, answers, unasked, wrong } = await dissect(passed, protocol);
      expect({ functions, unasked, wrong }).toEqual({ functions: [1, 2, 3, 4], unasked: 0, wrong: [] });
      expect([requests, answers]).toEqual([13, 13]); // one to identify, three polls of four tables
    }));

  test('writes coils, registers and floats that the server then holds, with single and with multiple codes', () =>
    server()(async ({ endpoint, passed, ask }) => {
      const writable = Object.values(points).slice(0, 3);
      for (const writeMultiple of [false, true]) {
        await withSession(endpoint, writable, { writeMultiple }, async (session) => {
          const raw = { coil: writeMultiple ? 0 : 1, word: writeMultiple ? 54_321 : 12_345, float: -7.75 };
          for (const name of ['coil', 'word', 'float'] as const) {
            expect(await session.write?.(points[name], raw[name])).toEqual({ kind: 'done' });
            expect(await session.readBack?.(points[name])).toBe(raw[name]);
          }
          expect(await ask(`read coil ${written.coil} 1`)).toBe(String(raw.coil));
          expect(await ask(`read holding ${written.word} 1`)).toBe(String(raw.word));
          expect(await ask(`float cdab ${written.float}`)).toBe(String(raw.float));
        });
      }
      if (!passed) return;
      const { functions, wrong } = await dissect(passed, protocol);
      expect({ functions, wrong }).toEqual({ functions: [1, 3, 5, 6, 15, 16], wrong: [] });
    }));

  test('takes what the server refuses for refused, and the rest for good', () =>
    server()(async ({ endpoint, passed }) => {
      const { coil, word, absent } = points;
      await withSession(endpoint, [coil, word, absent], {}, async (session) => {
        const batch = await session.polls[0]!.read();
        const qualities = new Map([...batch.tags].map((tag, row) => [tag, batch.quality[row]]));
        expect(qualities).toEqual(
          new Map<number, number>([
            [coil.tag, Quality.good],
            [word.tag, Quality.good],
            [absent.tag, Quality.config],
          ]),
        );
        expect(batch.values[[...batch.tags].indexOf(coil.tag)]).toBe(heldAt.coil(written.coil));
        expect(await session.write?.(absent, 1)).toMatchObject({
          kind: 'refused',
          error: { code: 'LL-MODBUS-EXCEPTION' },
        });
        await expect(session.readBack?.(absent)).rejects.toMatchObject({ code: 'LL-MODBUS-EXCEPTION' });
      });
      if (!passed) return;
      const { exceptions, wrong } = await dissect(passed, protocol);
      expect(wrong).toEqual([]);
      expect(new Set(exceptions)).toEqual(new Set([2]));
    }));
});

test.each(servers.slice(0, 2))('several requests in flight are answered right by %s', (_, protocol, server) =>
  server()(async ({ endpoint, passed }) => {
    const { points: all, values } = expectedPoints();
    await withSession(endpoint, all, { maxInFlight: 8, maxRegisters: 8, maxGap: 0 }, async ({ polls }) => {
      for (let round = 0; round < 3; round++) {
        const batch = await polls[0]!.read();
        expect([...batch.values]).toEqual([...batch.tags].map((tag) => values[tag]));
      }
    });
    const { requests, answers, unasked, wrong } = await dissect(passed!, protocol);
    expect({ unasked, wrong }).toEqual({ unasked: 0, wrong: [] });
    expect(requests).toBeGreaterThan(30);
    expect(answers).toBe(requests);
  }),
);
