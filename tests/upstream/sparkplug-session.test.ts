import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import {
  afterCounter,
  firstSession,
  type Session,
  type SessionInput,
  type SessionOutput,
  step,
} from '../../edge/upstream/sparkplug/session.ts';

const seeds = 1_000;
const inputsPerSeed = 400;
const devices = ['ps-1', 'ps-2', 'ps-3'];

/** A session with everything it ever sent. */
function play(...inputs: SessionInput[]): { session: Session; outputs: SessionOutput[] } {
  const outputs: SessionOutput[] = [];
  let session = firstSession;
  for (const input of inputs) {
    const next = step(session, input);
    session = next.session;
    outputs.push(...next.outputs);
  }
  return { session, outputs };
}

const up = (...ids: string[]): SessionInput => ({ kind: 'devices', up: new Set(ids) });
const connected = (bdSeq = 0, awaitsHost = false): SessionInput => ({ kind: 'connected', bdSeq, awaitsHost });
const data = (device?: string): SessionInput => ({ kind: 'data', device });
const host = (online: boolean, timeMs: number): SessionInput => ({ kind: 'host', online, timeMs });

describe('a Sparkplug session', () => {
  it('sends the births of node and devices, then values, under one count', () => {
    const { outputs } = play(up('ps-1', 'ps-2'), connected(7), data('ps-2'), data(), data('ps-1'));
    expect(outputs).toEqual([
      { verb: 'NBIRTH', seq: 0, bdSeq: 7 },
      { verb: 'DBIRTH', seq: 1, device: 'ps-1' },
      { verb: 'DBIRTH', seq: 2, device: 'ps-2' },
      { verb: 'DDATA', seq: 3, device: 'ps-2' },
      { verb: 'NDATA', seq: 4 },
      { verb: 'DDATA', seq: 5, device: 'ps-1' },
    ]);
  });

  it('counts 0 after 255, messages and connections alike', () => {
    const { outputs } = play(up('ps-1'), connected(), ...Array.from({ length: 600 }, () => data('ps-1')));
    expect(outputs.map((output) => ('seq' in output ? output.seq : -1))).toEqual(
      Array.from({ length: 602 }, (_, index) => index % 256),
    );
    expect(afterCounter(255)).toBe(0);
  });

  it('waits for its primary host, and passes over a word of it that is older than the newest', () => {
    const { session, outputs } = play(up('ps-1'), connected(0, true), host(false, 50), host(true, 40), data('ps-1'));
    expect(session.phase).toBe('waiting');
    expect(outputs).toEqual([]);
    expect(step(session, host(true, 50)).outputs.map(({ verb }) => verb)).toEqual(['NBIRTH', 'DBIRTH']);
  });

  it('dies and parts when its primary host goes, but not for an older word', () => {
    const { session } = play(connected(3, true), host(true, 100), host(false, 99));
    expect(session.phase).toBe('born');
    expect(step(session, host(false, 100)).outputs).toEqual([{ verb: 'NDEATH', bdSeq: 3 }, { verb: 'part' }]);
  });
});

/** What a host and a broker see of a node, written down anew from the specification. */
class Oracle {
  readonly faults: string[] = [];
  private live = false;
  private died = false;
  private awaits = false;
  private hostOnline = false;
  private hostMs = Number.NEGATIVE_INFINITY;
  private willBdSeq = -1;
  private expectedSeq = -1;
  private up: ReadonlySet<string> = new Set();
  private readonly told = new Set<string>();

  /** Whether the node must have told of itself by now. */
  private get speaks(): boolean {
    return this.live && !this.died && (!this.awaits || this.hostOnline);
  }

  judge(input: SessionInput, outputs: readonly SessionOutput[]): void {
    const before = this.speaks;
    this.heed(input);
    const births = this.speaks && (!before || input.kind === 'rebirth' || input.kind === 'connected');
    const rest = [...outputs];
    if (births) this.expectBirths(rest);
    else if (this.speaks && input.kind === 'devices') this.expectDevices(rest);
    else if (this.speaks && input.kind === 'data') this.expectData(input.device, rest);
    else if (before && !this.speaks && input.kind !== 'lost' && input.kind !== 'connected') this.expectDeath(rest);
    if (rest.length > 0) this.faults.push(`${input.kind}: ${JSON.stringify(rest)} too much`);
  }

  private heed(input: SessionInput): void {
    if (input.kind === 'connected') {
      [this.live, this.died, this.awaits, this.hostOnline] = [true, false, input.awaitsHost, false];
      this.hostMs = Number.NEGATIVE_INFINITY;
      this.willBdSeq = input.bdSeq;
    } else if (input.kind === 'lost') this.live = false;
    else if (input.kind === 'devices') this.up = input.up;
    else if (input.kind === 'host' && this.live && !this.died && input.timeMs >= this.hostMs) {
      this.hostMs = input.timeMs;
      if (this.speaks && !input.online) this.died = true;
      this.hostOnline = input.online;
    } else if (input.kind === 'leave' && this.speaks) this.died = true;
  }

  private next(verb: string, rest: SessionOutput[]): SessionOutput | undefined {
    const output = rest.shift();
    if (output?.verb !== verb) this.faults.push(`${verb} expected, ${output?.verb} sent`);
    if (output && 'seq' in output && output.seq !== this.expectedSeq) this.faults.push(`${verb} has seq ${output.seq}`);
    this.expectedSeq = (this.expectedSeq + 1) % 256;
    return output;
  }

  private expectBirths(rest: SessionOutput[]): void {
    this.expectedSeq = 0;
    const node = this.next('NBIRTH', rest);
    if (node?.verb === 'NBIRTH' && node.bdSeq !== this.willBdSeq) this.faults.push('bdSeq is not that of the will');
    this.told.clear();
    for (const _ of this.up) this.expectDevice('DBIRTH', rest);
    this.compareDevices();
  }

  private expectDevice(verb: 'DBIRTH' | 'DDEATH', rest: SessionOutput[]): void {
    const output = this.next(verb, rest);
    if (!output || !('device' in output)) return;
    if (verb === 'DBIRTH') this.told.add(output.device);
    else this.told.delete(output.device);
  }

  private expectDevices(rest: SessionOutput[]): void {
    const dead = [...this.told].filter((device) => !this.up.has(device));
    const born = [...this.up].filter((device) => !this.told.has(device));
    for (const _ of dead) this.expectDevice('DDEATH', rest);
    for (const _ of born) this.expectDevice('DBIRTH', rest);
    this.compareDevices();
  }

  private compareDevices(): void {
    const [told, real] = [[...this.told].sort().join(), [...this.up].sort().join()];
    if (told !== real) this.faults.push(`host believes ${told}, up are ${real}`);
  }

  private expectData(device: string | undefined, rest: SessionOutput[]): void {
    if (device !== undefined && !this.told.has(device)) return;
    const output = this.next(device === undefined ? 'NDATA' : 'DDATA', rest);
    if (output && 'device' in output && output.device !== device) this.faults.push('values of another device');
  }

  private expectDeath(rest: SessionOutput[]): void {
    const death = rest.shift();
    if (death?.verb !== 'NDEATH' || death.bdSeq !== this.willBdSeq) this.faults.push('NDEATH expected');
    if (rest.shift()?.verb !== 'part') this.faults.push('parting expected');
  }
}

/** Anything that may happen, at any time: also what makes no sense. */
function anything(random: Random, bdSeq: () => number): SessionInput {
  const pick = Math.floor(random.next() * 12);
  const some = devices.filter(() => random.next() < 0.6);
  if (pick === 0) return connected(bdSeq(), random.next() < 0.5);
  if (pick === 1) return { kind: random.next() < 0.5 ? 'lost' : 'leave' };
  if (pick === 2 || pick === 3) return host(random.next() < 0.7, Math.floor(random.next() * 50));
  if (pick === 4) return { kind: 'rebirth' };
  if (pick === 5) return up(...some);
  return data(random.next() < 0.2 ? undefined : devices[Math.floor(random.next() * devices.length)]);
}

/** Host with a memory of its own behind a broker that loses QoS 0 messages and delivers wills late. */
class FarHost {
  online = false;
  readonly devices = new Set<string>();
  asksRebirth = false;
  private bdSeq = -1;
  private seq = -1;

  hear(message: SessionOutput): void {
    if (message.verb === 'part') return;
    if (message.verb === 'NBIRTH') {
      [this.online, this.bdSeq, this.seq, this.asksRebirth] = [true, message.bdSeq, 0, false];
      this.devices.clear();
      return;
    }
    if (message.verb === 'NDEATH') {
      if (message.bdSeq !== this.bdSeq) return; // overtaken by the next connection's birth
      this.online = false;
      this.devices.clear();
      return;
    }
    const expected = (this.seq + 1) % 256;
    this.seq = message.seq;
    if (!this.online || message.seq !== expected) this.asksRebirth = true;
    if (message.verb === 'DBIRTH') this.devices.add(message.device);
    if (message.verb === 'DDEATH') this.devices.delete(message.device);
    if (message.verb === 'DDATA' && !this.devices.has(message.device)) this.asksRebirth = true;
  }
}

describe(`R7: over ${seeds} seeds of ${inputsPerSeed} inputs`, () => {
  it('a session sends exactly what the oracle expects', () => {
    const sent = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const random = seededRandom(seed);
      const oracle = new Oracle();
      let session = firstSession;
      let bdSeq = Math.floor(random.next() * 256);
      for (let count = 0; count < inputsPerSeed; count++) {
        const input = anything(random, () => {
          bdSeq = afterCounter(bdSeq);
          return bdSeq;
        });
        const next = step(session, input);
        session = next.session;
        oracle.judge(input, next.outputs);
        for (const { verb } of next.outputs) sent.set(verb, (sent.get(verb) ?? 0) + 1);
        if (oracle.faults.length === 0) continue;
        oracle.faults.push(`seed ${seed}, input ${count}: ${JSON.stringify(input)}`);
        break;
      }
      expect(oracle.faults).toEqual([]);
    }
    const verbs = ['NBIRTH', 'NDEATH', 'DBIRTH', 'DDEATH', 'NDATA', 'DDATA', 'part'];
    expect(verbs.filter((verb) => (sent.get(verb) ?? 0) < 1_000)).toEqual([]);
  });

  it('a host that loses messages and hears wills late ends up knowing what is so', () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const random = seededRandom(seed);
      const far = new FarHost();
      let session = firstSession;
      let bdSeq = 255;
      let linked = false;
      let lateWill: SessionOutput | undefined;
      const put = (input: SessionInput, loss: number) => {
        if (input.kind === 'connected' && linked) put({ kind: 'lost' }, loss);
        if (input.kind === 'connected') linked = true;
        if (input.kind === 'lost' && linked) {
          linked = false;
          if (session.phase !== 'away') lateWill = { verb: 'NDEATH', bdSeq: session.bdSeq };
        }
        const next = step(session, input);
        session = next.session;
        for (const output of next.outputs) {
          if (output.verb === 'NDEATH' || random.next() >= loss) far.hear(output);
          if (output.verb === 'part') linked = false;
        }
        if (lateWill && (loss === 0 || random.next() < 0.3)) {
          far.hear(lateWill);
          lateWill = undefined;
        }
      };
      for (let count = 0; count < inputsPerSeed; count++) {
        put(
          anything(random, () => afterCounter(bdSeq)),
          0.1,
        );
        bdSeq = session.bdSeq;
        if (far.asksRebirth && random.next() < 0.5) put({ kind: 'rebirth' }, 0.1);
      }
      put({ kind: 'lost' }, 0);
      put(connected(afterCounter(bdSeq)), 0);
      put(data(), 0);
      expect(far.asksRebirth, `seed ${seed}`).toBe(false);
      expect(far.online, `seed ${seed}`).toBe(true);
      expect([...far.devices].sort(), `seed ${seed}`).toEqual([...session.up].sort());
    }
  });
});
