import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModbusClient, prepareRead } from '../../drivers/modbus/client.ts';
import { ModbusLink } from '../../drivers/modbus/link.ts';
import { encodeReadReply } from '../../drivers/modbus/pdu.ts';
import { crc16, encodeRtu, RtuLine } from '../../drivers/modbus/rtu.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';

/** The far end of a line: what was asked, frame by frame, and whatever it says. */
class Far extends Duplex {
  readonly asked: Uint8Array[] = [];
  onAsked: (frame: Uint8Array) => void = () => undefined;
  override _read(): void {}
  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.asked.push(Uint8Array.from(chunk));
    done();
    this.onAsked(chunk);
  }
  say(...parts: readonly Uint8Array[]): void {
    for (const part of parts) this.push(part);
  }
}

const timeoutMs = 100;
function open(quietMs = 0) {
  const clock = new VirtualClock(0);
  const far = new Far();
  const line = new RtuLine(far, { clock, quietMs });
  const lost: string[] = [];
  const client = new ModbusClient(new ModbusLink(line, { clock, maxInFlight: 1, numbered: false }), {
    ...{ target: 'meter', timeoutMs },
    lost: (error) => lost.push(error.code),
  });
  return { clock, far, client, lost };
}

const answerOf = (unit: number, ...registers: number[]) =>
  encodeRtu(unit, encodeReadReply('holding', Uint16Array.from(registers)));
/** Lets what streams have pushed arrive. */
const settle = () => new Promise<void>((done) => setImmediate(() => setImmediate(done)));

test('frames and sums are those of the standard and of devices in the field', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  expect(hex(encodeRtu(1, Uint8Array.of(3, 0, 0, 0, 10)))).toBe('01030000000ac5cd');
  expect(hex(encodeRtu(0x11, Uint8Array.of(3, 0, 0x6b, 0, 3)))).toBe('1103006b00037687');
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x4b37);
});

describe('a line that speaks RTU', () => {
  test('carries a read there and its answer back, however the answer is cut and whatever stands around it', () => {
    const noise = fc.uint8Array({ maxLength: 20 });
    return fc.assert(
      fc.asyncProperty(
        ...[noise, noise, fc.array(fc.nat(40), { maxLength: 6 })],
        fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 20 }),
        async (before, after, cuts, registers) => {
          const { far, client } = open();
          const bytes = Buffer.concat([before, answerOf(7, ...registers), after]);
          far.onAsked = () => {
            let from = 0;
            for (const cut of [...cuts].sort((a, b) => a - b)) {
              if (cut <= from || cut >= bytes.length) continue;
              far.say(bytes.subarray(from, cut));
              from = cut;
            }
            far.say(bytes.subarray(from));
          };
          const into = new Uint16Array(registers.length);
          const outcome = await client.read(prepareRead(7, 'holding', 3, registers.length), into);
          expect(outcome).toEqual({ kind: 'values' });
          expect([...into]).toEqual(registers);
          client.close();
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  test('brings exceptions back, and lets other units talk in between', async () => {
    const { far, client } = open();
    far.onAsked = () => far.say(answerOf(8, 1), encodeRtu(7, Uint8Array.of(0x83, 2)));
    expect(await client.read(prepareRead(7, 'holding', 0, 1), new Uint16Array(1))).toEqual({
      kind: 'exception',
      exception: 2,
    });
  });

  test.each([
    ['40 ms late each', [140, 140, 140, 140, 140, 140]],
    ['250 ms late once, then prompt', [250, 5, 5, 5, 5, 5]],
    ['lost once, then prompt', [Number.POSITIVE_INFINITY, 5, 5, 5, 5, 5]],
  ])('never takes a late answer for that of a newer request: %s', async (_, delaysMs) => {
    const { clock, far, client } = open();
    const delays = [...delaysMs];
    far.onAsked = (frame) => {
      const address = Buffer.from(frame).readUInt16BE(2);
      const delayMs = delays.shift() ?? 5;
      if (Number.isFinite(delayMs)) clock.after(delayMs, () => far.say(answerOf(7, 1000 + address)));
    };
    const seen: string[] = [];
    for (let address = 0; address < 60; address++) {
      const into = new Uint16Array(1);
      let outcome = 'open';
      const read = client.read(prepareRead(7, 'holding', address, 1), into).then(
        ({ kind }) => (outcome = kind),
        () => (outcome = 'ended'),
      );
      for (let ms = 0; outcome === 'open' && ms < 500; ms += 5) {
        await clock.advance(5);
        await settle();
      }
      await read;
      if (outcome === 'values') expect(into[0], `read ${address}`).toBe(1000 + address);
      seen.push(outcome);
      await clock.advance(20);
      await settle();
    }
    expect(seen[0]).toBe('timeout');
    if (delaysMs[1] === 5) expect(seen.slice(20)).toEqual(Array(40).fill('values'));
  });

  test('keeps the silence between frames that a serial line asks for', async () => {
    const { clock, far, client } = open(4);
    far.onAsked = () => far.say(answerOf(7, 5));
    await client.read(prepareRead(7, 'holding', 0, 1), new Uint16Array(1));
    const next = client.read(prepareRead(7, 'holding', 0, 1), new Uint16Array(1));
    await settle();
    expect(far.asked).toHaveLength(1);
    await clock.advance(4);
    expect(far.asked).toHaveLength(2);
    expect(await next).toEqual({ kind: 'values' });
  });

  test('ends with its line, and tells the client', async () => {
    const { far, client, lost } = open();
    const read = client.read(prepareRead(7, 'holding', 0, 1), new Uint16Array(1));
    far.destroy();
    await expect(read).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    expect(lost).toEqual(['LL-MODBUS-CLOSED']);
  });

  test('takes no wrong value and throws nothing from 100,000 mutated answers', async () => {
    const random = seededRandom(11);
    const far = new Far();
    const line = new RtuLine(far, { clock: new VirtualClock(0), quietMs: 0 });
    let wrong = 0;
    let right = 0;
    let said: Uint8Array = new Uint8Array(0);
    const good = answerOf(7, 0x1234, 0x5678);
    line.on('data', (frame: Uint8Array) => {
      const pdu = frame.subarray(7);
      if (Buffer.compare(pdu, good.subarray(1, -2)) === 0) right++;
      else if (pdu[0] !== 0x83 || Buffer.from(said).indexOf(pdu) < 0) wrong++;
    });
    const request = prepareRead(7, 'holding', 0, 2).frame;
    for (let round = 0; round < 100_000; round++) {
      if (round % 3 === 0) line.write(request.slice());
      said = Uint8Array.from(good);
      const mutations = random.integer(0, 3);
      for (let each = 0; each < mutations; each++) said[random.integer(0, said.length - 1)] = random.integer(0, 255);
      line['hear'](said.subarray(random.integer(0, 2), said.length - random.integer(0, 2)));
      if (round % 1000 === 0) await settle();
    }
    await settle();
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThan(300);
  });
});
