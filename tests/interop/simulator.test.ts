import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { withProcess } from '../../ops/bench/processes.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf } from '../plc/plc.ts';
import { type Dissection, dissect } from './dissection.ts';
import { RecordingRelay } from './recording-relay.ts';
import { heldAt, places, simulatedPoints, wideValues, written } from './register-map.ts';
import { python } from './setup.ts';

const run = promisify(execFile);
const pymodbus = fileURLToPath(new URL('./pymodbus-peer.py', import.meta.url));

/** Lets a client talk to a simulated PLC, and has tshark judge what they said. */
async function dissected(use: (port: number) => Promise<void>): Promise<Dissection> {
  const server = await serveModbus(createScan(plcOf('peer', 1, simulatedPoints()), seededRandom(1)), { port: 0 });
  const relay = new RecordingRelay(server.port);
  try {
    await use(await relay.listen());
    return await dissect(relay.passed);
  } finally {
    await relay.close();
    await server.close();
  }
}

const upTo = (count: number, value: (address: number) => number) => Array.from({ length: count }, (_, at) => value(at));
const floats = wideValues.filter(({ type }) => type === 'float32');

describe.each([
  ['libmodbus', () => [inject('libmodbusPeer'), ['client']] as const],
  ['pymodbus', () => [python, [pymodbus, 'client']] as const],
])('a simulated PLC and a client by %s', (_, clientCall) => {
  const [command, args] = clientCall();
  const talk = (use: (ask: (line: string) => Promise<string>) => Promise<void>) =>
    dissected((port) =>
      withProcess(command, [...args, String(port)], async ({ say, nextLine }) => {
        expect(await nextLine()).toBe('ready');
        await use((line) => {
          say(line);
          return nextLine();
        });
      }),
    );

  test('agree on all four tables and on floats in every order', async () => {
    const { functions, unasked, wrong } = await talk(async (ask) => {
      for (const table of ['coil', 'discrete', 'input'] as const)
        expect(await ask(`read ${table} 0 ${places}`)).toBe(upTo(places, heldAt[table]).join(' '));
      expect(await ask('read holding 0 20')).toBe(upTo(20, heldAt.holding).join(' '));
      for (const { order, address, value } of floats)
        expect(Math.fround(Number(await ask(`float ${order} ${address}`)))).toBe(value);
    });
    expect({ functions, unasked, wrong }).toEqual({ functions: [1, 2, 3, 4], unasked: 0, wrong: [] });
  });

  test('agree on what was written, one by one and several at once', async () => {
    const { functions, unasked, wrong } = await talk(async (ask) => {
      const { word, floats: several, coil, coils } = written;
      expect(await ask(`write coil ${coil} 1`)).toBe('ok');
      expect(await ask(`write-many coil ${coils} 1 0 1 1 0 0 1 1 1 1 0`)).toBe('ok');
      expect(await ask(`read coil ${coil} 12`)).toBe('1 1 0 1 1 0 0 1 1 1 1 0');
      expect(await ask(`write holding ${word} 54321`)).toBe('ok');
      expect(await ask(`write-many holding ${several} 16320 0 46140 18838`)).toBe('ok');
      expect(await ask(`read holding ${word} 8`)).toBe('54321 0 0 0 16320 0 46140 18838');
      expect(await ask(`float abcd ${several}`)).toBe('1.5');
      expect(await ask(`float cdab ${several + 2}`)).toBe('1234567.5');
    });
    expect({ functions, unasked, wrong }).toEqual({ functions: [1, 3, 5, 6, 15, 16], unasked: 0, wrong: [] });
  });

  test('agree on what is refused: no such address 2, a value outside its range 3', async () => {
    const { exceptions, unasked, wrong } = await talk(async (ask) => {
      expect(await ask(`read holding ${places} 1`)).toBe('exception 2');
      expect(await ask(`read coil ${places - 1} 2`)).toBe('exception 2');
      expect(await ask('write holding 0 1')).toBe('exception 2');
      expect(await ask(`write holding ${written.word} 60001`)).toBe('exception 3');
      expect(await ask(`read holding ${written.word} 1`)).toBe('0');
    });
    expect({ exceptions, unasked, wrong }).toEqual({ exceptions: [2, 2, 2, 3], unasked: 0, wrong: [] });
  });
});

test('a simulated PLC tells pymodbus who it is by function 43/14', async () => {
  const { functions, unasked, wrong } = await dissected((port) =>
    withProcess(python, [pymodbus, 'client', String(port)], async ({ say, nextLine }) => {
      await nextLine();
      say('identify');
      expect(await nextLine()).toBe('0=Lifeline simulated city|1=peer|2=1.0');
    }),
  );
  expect({ functions, unasked, wrong }).toEqual({ functions: [43], unasked: 0, wrong: [] });
});

describe('a simulated PLC and mbpoll', () => {
  /** What mbpoll shows from an address on; with values it writes them. */
  const poll = async (
    port: number,
    table: string,
    from: number,
    how: readonly string[],
    values: readonly number[] = [],
  ) => {
    const where = ['-m', 'tcp', '-1', '-q', '-p', String(port), '-0', '-t', table, '-r', String(from)];
    const { stdout } = await run('mbpoll', [...where, ...how, '127.0.0.1', '--', ...values.map(String)]);
    return [...stdout.matchAll(/^\[(\d+)\]:\s+(\S+)/gm)].map(([, , value]) => Number(value));
  };

  test('agree on all four tables, floats of both word orders, and on what was written', async () => {
    const { functions, unasked, wrong } = await dissected(async (port) => {
      const read = (table: string, from: number, count: number, ...how: string[]) =>
        poll(port, table, from, ['-c', String(count), ...how]);
      expect(await read('0', 0, places)).toEqual(upTo(places, heldAt.coil));
      expect(await read('1', 0, places)).toEqual(upTo(places, heldAt.discrete));
      expect(await read('3', 0, places)).toEqual(upTo(places, heldAt.input));
      expect(await read('4', 0, 20)).toEqual(upTo(20, heldAt.holding));
      expect(await read('4:float', 20, 1, '-B')).toEqual([1.5]);
      expect(await read('4:float', 24, 1)).toEqual([1_234_570]); // mbpoll shows six digits
      await poll(port, '0', written.coil, [], [1]);
      await poll(port, '0', written.coils, [], [1, 0, 1]);
      expect(await read('0', written.coil, 4)).toEqual([1, 1, 0, 1]);
      await poll(port, '4', written.word, [], [54_321]);
      await poll(port, '4', written.word + 1, [], [7, 8, 9]);
      expect(await read('4', written.word, 4)).toEqual([54_321, 7, 8, 9]);
      await poll(port, '4:float', written.floats, ['-B'], [-7.75]);
      expect(await read('4:float', written.floats, 1, '-B')).toEqual([-7.75]);
    });
    expect({ functions, unasked, wrong }).toEqual({ functions: [1, 2, 3, 4, 5, 6, 15, 16], unasked: 0, wrong: [] });
  });

  test('agree that an address outside the map is refused', async () => {
    const { exceptions, wrong } = await dissected((port) =>
      expect(poll(port, '4', places, ['-c', '1'])).rejects.toMatchObject({ stderr: /Illegal data address/ }),
    );
    expect({ exceptions, wrong }).toEqual({ exceptions: [2], wrong: [] });
  });
});
