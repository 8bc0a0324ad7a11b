import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { DevicePoint, WireListener } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { answerText, requestText, strayText } from '../../drivers/modbus/frame-text.ts';
import { encodeWriteRequest } from '../../drivers/modbus/pdu.ts';
import { encodeRtu } from '../../drivers/modbus/rtu.ts';
import type { WireFrame } from '../../edge/core/diagnostics.ts';
import { Peer, pointAt, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function newPeer(): Promise<Peer> {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  return peer;
}

/** Everything that a listener is told, in order. */
class Listener implements WireListener {
  wantsFrames = true;
  readonly frames: WireFrame[] = [];
  readonly counts: string[] = [];
  sent(bytes: number): void {
    this.counts.push(`sent ${bytes}`);
  }
  answered(bytes: number, roundTripMs: number, refused: boolean): void {
    expect(roundTripMs).toBeGreaterThan(0);
    this.counts.push(`${refused ? 'refused' : 'answered'} ${bytes}`);
  }
  failed(how: 'timeout' | 'stray'): void {
    this.counts.push(how);
  }
  frame(frame: WireFrame): void {
    this.frames.push(frame);
  }
  shown(): string[] {
    return this.frames.map((frame) => `${frame.direction} ${hex(frame.bytes)} ${frame.describe().en}`);
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

async function sessionOf(endpoint: string, points: readonly DevicePoint[], wire: WireListener, options = {}) {
  const device = { id: 'pump-7', endpoint, points, options: { unit: 3, timeoutMs: 60, ...options } };
  const events = { batch: () => undefined, lost: () => undefined, wire };
  const session = await modbusDriver.open(device, events, testHost(), new AbortController().signal);
  open.push(() => session.close());
  return session;
}

describe('what a Modbus device tells who listens to its wire', () => {
  test('every frame as it stood on the wire, in words, from the attempt to connect on', async () => {
    const peer = await newPeer();
    peer.missing = new Set([40]);
    const wire = new Listener();
    const points = [pointAt(0, 10), pointAt(1, 11), pointAt(2, 40)];
    const session = await sessionOf(peer.endpoint, points, wire, { maxGap: 0 });
    await session.polls[0]!.read();
    expect(wire.shown().slice(0, 2)).toEqual([
      'sent 0001000000060303000a0002 unit 3 · 03 read holding 40011–40012',
      'received 000100000007030304000a000b unit 3 · 03 answers to read holding 40011–40012: 4 bytes',
    ]);
    expect(wire.shown().slice(-2)).toEqual([
      'sent 000300000006030300280001 unit 3 · 03 read holding 40041',
      'received 000300000003038302 unit 3 · 03 refuses to read holding 40041: exception 2 illegal data address',
    ]);
    expect(wire.frames[1]!.describe().zh).toBe('站号 3 · 03 应答 读保持寄存器 40011–40012：4 字节');
    expect(wire.counts.slice(-2)).toEqual(['sent 12', 'refused 9']);
  });

  test('timeouts, and answers that fit no request', async () => {
    const peer = await newPeer();
    const wire = new Listener();
    const session = await sessionOf(peer.endpoint, [pointAt(0, 10)], wire);
    let late = () => {};
    peer.behaviour = (_frame, socket, answer) => {
      const bytes = answer();
      late = () => socket.write(bytes);
    };
    await session.polls[0]!.read();
    peer.behaviour = (_frame, socket, answer) => {
      late();
      socket.write(answer());
    };
    await session.polls[0]!.read();
    expect(wire.counts).toEqual(['sent 12', 'answered 11', 'sent 12', 'timeout', 'sent 12', 'stray', 'answered 11']);
    expect(wire.shown().at(-2)).toContain('unit 3 · 03 fits no request and was dropped');
    expect(wire.frames.map(({ roundTripMs }) => roundTripMs !== undefined)).toEqual([
      ...[false, true, false, false],
      ...[false, true],
    ]);
  });

  test('RTU frames with their checksum where the line speaks RTU', async () => {
    const request = encodeRtu(3, Uint8Array.of(3, 0, 10, 0, 1));
    const answer = encodeRtu(3, Uint8Array.of(3, 2, 0, 9));
    const server = createServer((socket) => socket.on('data', () => socket.write(answer))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => server.close());
    const endpoint = `rtu+tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wire = new Listener();
    await sessionOf(endpoint, [pointAt(0, 10)], wire);
    expect(wire.frames.map(({ bytes }) => hex(bytes))).toEqual([hex(request), hex(answer)]);
    expect(wire.counts).toEqual(['sent 8', 'answered 7']);
  });

  test('counts alone while nobody wants to see frames', async () => {
    const peer = await newPeer();
    const wire = new Listener();
    wire.wantsFrames = false;
    await sessionOf(peer.endpoint, [pointAt(0, 10)], wire);
    expect([wire.counts, wire.frames]).toEqual([['sent 12', 'answered 11'], []]);
  });
});

describe('a session under the magnifying glass', () => {
  test('names its reads, their points, and which of them the device refuses and why', async () => {
    const peer = await newPeer();
    peer.missing = new Set([40]);
    const points = [pointAt(5, 10), pointAt(6, 11), pointAt(7, 40), pointAt(8, 2, { table: 'coil', type: 'bool' })];
    const session = await sessionOf(peer.endpoint, points, new Listener());
    expect(session.diagnostics!().requests.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await session.polls[0]!.read();
    const shown = session.diagnostics!().requests.map(({ place, tags, state, reason }) => [
      ...[place.en, tags, state],
      ...(reason ? [reason.en] : []),
    ]);
    expect(shown).toEqual([
      ['unit 3, coil 00003', [8], 'answered'],
      ['unit 3, holding 40011–40012', [5, 6], 'answered'],
      ['unit 3, holding 40041', [7], 'refused', '2 illegal data address'],
    ]);
    expect(session.diagnostics!().requests[2]!.place.zh).toBe('站号 3，保持寄存器 40041');
  });
});

describe('frames in words', () => {
  test('name what is written', () => {
    const written = encodeWriteRequest('holding', 20, Uint16Array.of(7, 8));
    expect(requestText(1, written).en).toBe('unit 1 · 16 write holding 40021–40022 = 7 8');
    expect(answerText(1, written.slice(0, 5), written).en).toBe('unit 1 · 16 confirms write holding 40021–40022 = 7 8');
    expect(requestText(1, Uint8Array.of(0x2b, 0x0e, 1, 0)).en).toBe('unit 1 · 43 read device identification');
  });

  test('exist for every sequence of bytes', () => {
    const pdu = fc.uint8Array({ minLength: 1, maxLength: 253 });
    fc.assert(
      fc.property(fc.nat(255), pdu, pdu, (unit, one, other) => {
        for (const { zh, en } of [requestText(unit, one), answerText(unit, one, other), strayText(unit, one)]) {
          expect(zh).toMatch(new RegExp(`^站号 ${unit} · `));
          expect(en).toMatch(new RegExp(`^unit ${unit} · `));
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
