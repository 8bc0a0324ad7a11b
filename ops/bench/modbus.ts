import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ModbusClient, prepareRead } from '../../drivers/modbus/client.ts';
import { connectTcp } from '../../drivers/modbus/connect.ts';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { ModbusLink } from '../../drivers/modbus/link.ts';
import { encodeReadRequest } from '../../drivers/modbus/pdu.ts';
import { realClock } from '../../edge/core/clock.ts';
import { withProcess } from './processes.ts';
import type { BenchRow } from './row.ts';

const registers = 100;
const lanes = 16;
/** Each round measures every client once, one after the other; the next round in the opposite order. */
const rounds = 7;
const roundMs = 800;
const serverRounds = 3;
/** What the simulated server is to answer, reads a second on one core. */
const leastServed = 50_000;
const run = promisify(execFile);
const thisFile = fileURLToPath(import.meta.url);

/** libmodbus as a program of its own, or why it is not there. */
type Peer = { readonly program: string } | { readonly absent: string };

/**
 * Reads of 100 holding registers a second over the loopback, against one and the same server in a process of its own:
 * the libmodbus C server where it can be compiled (it answers faster than the simulator's, and with 16 requests in
 * flight it is still what limits our client), else the simulator's. The peer is a libmodbus C loop, one in flight,
 * which is all it can do. Reported is the round with the median ratio.
 */
export async function benchModbus(): Promise<BenchRow[]> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    const peer = await compilePeer(dir);
    if ('absent' in peer) console.error(`bench modbus: no libmodbus to compare with: ${peer.absent}`);
    const [command, args] = 'program' in peer ? [peer.program, ['serve']] : [process.execPath, [thisFile, 'serve']];
    return await withServer(command, args, async ({ port }) => {
      const measured: Round[] = [];
      for (let round = 0; round < rounds; round++) measured.push(await measureRound(peer, port, round % 2 === 1));
      const server = 'program' in peer ? 'libmodbus' : 'simulator';
      const simulated = await withServer(process.execPath, [thisFile, 'serve'], serverRow);
      return [
        row(`Modbus, one in flight, ${server} server`, measured, (one) => one.single, 0.7),
        row(`Modbus, ${lanes} in flight, ${server} server`, measured, (one) => one.pipelined, 2),
        simulated,
      ];
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Reads per second of each client, measured within a few seconds of each other. */
interface Round {
  readonly peer: number | null;
  readonly single: number;
  readonly pipelined: number;
}

async function measureRound(peer: Peer, port: number, reversed: boolean): Promise<Round> {
  const found: { peer: number | null; single: number; pipelined: number } = { peer: null, single: 0, pipelined: 0 };
  const measures = [
    async () => {
      found.peer = 'program' in peer ? await peerRate(peer.program, port) : null;
    },
    async () => {
      found.single = await ownRate(port, 1);
    },
    async () => {
      found.pipelined = await ownRate(port, lanes);
    },
  ];
  for (const measure of reversed ? measures.reverse() : measures) await measure();
  return found;
}

function row(name: string, measured: readonly Round[], rateOf: (round: Round) => number, least: number): BenchRow {
  const target = `≥ ${least} × the libmodbus C loop`;
  const common = { name, unit: `reads/s of ${registers} registers`, better: 'higher', target } as const;
  const inOrder = [...measured].sort((a, b) => rateOf(a) / (a.peer ?? 1) - rateOf(b) / (b.peer ?? 1));
  const median = inOrder[inOrder.length >>> 1] as Round;
  const value = Math.round(rateOf(median));
  if (median.peer === null) return { ...common, value, peer: null, ratio: null, ok: null };
  const peer = { name: 'libmodbus C loop', value: Math.round(median.peer) };
  const ratio = value / peer.value;
  return { ...common, value, peer, ratio: Math.round(ratio * 100) / 100, ok: ratio >= least };
}

async function compilePeer(dir: string): Promise<Peer> {
  const source = fileURLToPath(new URL('./modbus-libmodbus.c', import.meta.url));
  const program = join(dir, 'modbus-libmodbus');
  try {
    await access(source);
    const flags = await run('pkg-config', ['--cflags', '--libs', 'libmodbus']);
    await run('cc', ['-O2', '-o', program, source, ...flags.stdout.split(/\s+/).filter(Boolean)]);
    return { program };
  } catch (cause) {
    return { absent: cause instanceof Error ? cause.message.split('\n', 2).join(' ') : String(cause) };
  }
}

async function peerRate(program: string, port: number): Promise<number> {
  const { stdout } = await run(program, ['read', String(port), String(registers), String(roundMs)]);
  return Number(stdout);
}

/** Our client with `inFlight` readers on one link, each taking the next read when it has its values. */
async function ownRate(port: number, inFlight: number): Promise<number> {
  const clock = realClock();
  const target = `bench (127.0.0.1:${port})`;
  const socket = await connectTcp({ host: '127.0.0.1', port }, target, clock, new AbortController().signal);
  // a loss rejects the reads that are open, which ends the benchmark
  const options = { target, timeoutMs: 5000, lost: () => undefined };
  const client = new ModbusClient(new ModbusLink(socket, { clock, maxInFlight: inFlight }), options);
  const all = async (forMs: number) => {
    const endMs = clock.monotonicMs() + forMs;
    const reads = await Promise.all(
      Array.from({ length: inFlight }, (_, lane) => readUntil(client, endMs, registersOf(lane, inFlight))),
    );
    return reads.reduce((sum, count) => sum + count, 0);
  };
  try {
    await all(roundMs / 10);
    const began = clock.monotonicMs();
    const reads = await all(roundMs);
    return (reads / (clock.monotonicMs() - began)) * 1000;
  } finally {
    client.close();
  }
}

/** Reads in flight together differ in length, 100 on average: those that are alike the link keeps apart. */
const registersOf = (lane: number, inFlight: number) => registers + lane - ((inFlight - 1) >>> 1);

async function readUntil(client: ModbusClient, endMs: number, registers: number): Promise<number> {
  const read = prepareRead(1, 'holding', 0, registers);
  const into = new Uint16Array(registers);
  let reads = 0;
  for (; performance.now() < endMs; reads++) {
    const outcome = await client.read(read, into);
    const right = outcome.kind === 'values' && into[registers - 1] === registers - 1;
    if (!right) throw new Error(`bench modbus: read ${reads} gave ${JSON.stringify(outcome)}`);
  }
  return reads;
}

/**
 * What one core of the simulator's server can answer: reads that a bare pipelining client gets, by the seconds of CPU
 * that the server's process took for them. The client's own work does not count, since it has the other core.
 */
async function serverRow({ port, cpuS }: Served): Promise<BenchRow> {
  const rates: number[] = [];
  await bareReads(port, roundMs / 2);
  for (let round = 0; round < serverRounds; round++) {
    const before = await cpuS();
    const reads = await bareReads(port, roundMs);
    rates.push(reads / ((await cpuS()) - before));
  }
  const value = Math.round(rates.sort((a, b) => a - b)[serverRounds >>> 1] as number);
  return {
    name: 'Modbus, simulated server',
    value,
    ...{ unit: `reads/s of ${registers} registers on one core`, better: 'higher', peer: null, ratio: null },
    target: `≥ ${leastServed} reads/s`,
    ok: value >= leastServed,
  };
}

/** Keeps a burst of requests under way on one connection, counts answers by their bytes. */
async function bareReads(port: number, forMs: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const request = encodeMbap(1, 1, encodeReadRequest('holding', 0, registers));
  const burst = Buffer.concat(Array.from({ length: lanes }, () => request));
  const burstBytes = lanes * (9 + registers * 2);
  const endMs = performance.now() + forMs;
  let bytes = 0;
  let sent = 0;
  const send = () => {
    sent++;
    socket.write(burst);
  };
  for (let ahead = 0; ahead < 4; ahead++) send();
  for await (const chunk of socket) {
    bytes += (chunk as Uint8Array).length;
    while (performance.now() < endMs && sent - Math.floor(bytes / burstBytes) < 4) send();
    if (bytes === sent * burstBytes) break;
  }
  return sent * lanes;
}

/** A server in a process of its own. */
interface Served {
  readonly port: number;
  /** Seconds of CPU that it took so far; only the simulator's tells. */
  cpuS(): Promise<number>;
}

/** Starts a server that prints its port on the first line, and ends it when `use` is through. */
function withServer<Result>(
  command: string,
  args: readonly string[],
  use: (served: Served) => Promise<Result>,
): Promise<Result> {
  return withProcess(command, args, async ({ nextLine, say }) => {
    const port = Number(await nextLine());
    const cpuS = async () => {
      say('cpu');
      return Number(await nextLine());
    };
    return use({ port, cpuS });
  });
}

/** The simulator's Modbus server with as many registers as one read takes, each holding its own address. */
async function serveSimulated(): Promise<void> {
  const { serveModbus } = await import('../../simulator/plc/modbus-server.ts');
  const { simulatedScan } = await import('./simulated-plc.ts');
  const scan = simulatedScan(registers, { type: 'uint16', width: 1, valueAt: (address) => address });
  const { port } = await serveModbus(scan, { port: 0 });
  console.log(port);
  for await (const _ of createInterface(process.stdin)) {
    const { user, system } = process.cpuUsage();
    console.log((user + system) / 1e6);
  }
  process.exit();
}

if (process.argv[1] === thisFile && process.argv[2] === 'serve') await serveSimulated();
