import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { freePort, pointAt, serveRtu, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const units = Array.from({ length: 10 }, (_, index) => index + 1);
const dead = 5;
const timeoutMs = 500;
/** What an exchange with a living unit takes. */
const answerMs = 20;
const stepMs = 10;

/** The field's end of one line with ten units; tells when the dead one held the line up. */
class Field {
  readonly living = new Set(units);
  /** When a request to the dead unit came and when the line went on, virtual ms. */
  readonly silences: { readonly fromMs: number; toMs: number }[] = [];
  traffic = 0;
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  serve(line: Duplex): void {
    const asked = (unit: number) => {
      this.traffic++;
      const nowMs = this.clock.monotonicMs();
      const last = this.silences.at(-1);
      if (last && last.toMs === Number.POSITIVE_INFINITY) last.toMs = nowMs;
      if (!this.living.has(unit)) this.silences.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
    };
    serveRtu(line, this.living, asked, (answer) => this.clock.after(answerMs, () => line.write(answer)));
  }
}

/** Where ten units are behind one line that the gateway opens. */
async function rtuInTcp(field: Field): Promise<string> {
  const server = createServer((socket) => field.serve(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => server.close());
  return `rtu+tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Where ten units are behind a terminal that dials in once the gateway listens. */
async function dtu(field: Field): Promise<string> {
  const port = await freePort();
  const dial = () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => setImmediate(dial));
    socket.once('connect', () => {
      open.push(() => socket.destroy());
      socket.write('8612');
      field.serve(socket);
    });
  };
  dial();
  return `dtu://127.0.0.1:${port}/8612`;
}

test.each([
  ['RTU inside TCP', rtuInTcp],
  ['a terminal that dials in', dtu],
])(
  'one dead unit of ten on a line (%s) costs the others its timeout once, then less than a tenth of the line, and comes back',
  async (_, lineOf) => {
    const clock = new VirtualClock();
    const field = new Field(clock);
    const endpoint = await lineOf(field);
    const batches: SampleBatch[] = [];
    const acquisition = createAcquisition({
      devices: units.map((unit) => ({
        driver: 'modbus',
        definition: {
          ...{ id: `unit-${unit}`, endpoint },
          points: [pointAt(unit, 7)],
          options: { unit, timeoutMs },
        },
      })),
      drivers: [modbusDriver],
      host: testHost(clock),
      onBatch: (batch) => batches.push(batch),
      onDeviceChange: () => undefined,
    });
    open.push(() => acquisition.stop());
    acquisition.start();
    /** Lets virtual time pass, real sockets keeping up with it. */
    const pass = async (forMs: number) => {
      for (let ms = 0; ms < forMs; ms += stepMs) {
        await clock.advance(stepMs);
        for (let calm = 0, seen = field.traffic; calm < 3; calm++) {
          await new Promise((resolve) => setImmediate(resolve));
          if (seen !== field.traffic) [calm, seen] = [0, field.traffic];
        }
      }
    };
    const goodOf = (unit: number, fromMs: number) =>
      batches.filter(
        ({ tags, values, times }) => tags[0] === unit && (times[0] ?? 0) >= fromMs && values[0] === 1000 * unit + 7,
      );
    await pass(20_000);
    expect(acquisition.status().map(({ state }) => state)).toEqual(units.map(() => 'online'));
    expect(field.silences).toEqual([]);

    field.living.delete(dead);
    const diedMs = clock.monotonicMs();
    await pass(240_000);
    const [first] = field.silences;
    expect(first!.toMs - first!.fromMs).toBeLessThanOrEqual(timeoutMs + 2 * stepMs);
    expect(field.silences.length).toBeGreaterThan(6);
    let heldMs = 0;
    for (const { fromMs, toMs } of field.silences) {
      heldMs += toMs - fromMs;
      const onceMs = timeoutMs + 2 * stepMs;
      if (heldMs > onceMs) expect((heldMs - onceMs) / (toMs - first!.toMs)).toBeLessThan(0.1);
    }
    for (const unit of field.living) {
      expect(goodOf(unit, diedMs).length, `samples of unit ${unit}`).toBeGreaterThanOrEqual(239);
      expect(acquisition.status()[unit - 1]).toMatchObject({ state: 'online', reconnects: 0, badSamples: 0 });
    }
    expect(acquisition.status()[dead - 1]).toMatchObject({
      state: expect.stringMatching(/backing-off|connecting/),
      lastError: expect.stringContaining('LL-MODBUS-TIMEOUT'),
    });

    field.living.add(dead);
    const revivedMs = clock.monotonicMs();
    await pass(60_000);
    expect(goodOf(dead, revivedMs).length).toBeGreaterThan(20);
  },
);
