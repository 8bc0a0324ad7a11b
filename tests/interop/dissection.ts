import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Passed } from './recording-relay.ts';

/** Frames begin with an IP header (pcap-linktype(7), LINKTYPE_RAW). */
const linkTypeRaw = 101;
const ipHeaderBytes = 20;
const tcpHeaderBytes = 20;
const modbusPort = 502;

/** What Wireshark's Modbus dissector says of a conversation. */
export interface Dissection {
  /** Function codes of the frames that it took for Modbus requests and answers, ascending. */
  readonly functions: readonly number[];
  readonly requests: number;
  readonly answers: number;
  /** Exception codes, in the order in which they came. */
  readonly exceptions: readonly number[];
  /** Answers, refusals left out, for which it found no request. */
  readonly unasked: number;
  /** Frames that are malformed, carry a warning or error of the dissector, or were not taken for Modbus at all. */
  readonly wrong: readonly string[];
}

/** A pcap file of what passed, each piece as one TCP segment between client and port 502 (RFC 9293, RFC 791). */
function captureOf(passed: readonly Passed[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(linkTypeRaw, 20);
  /** Next sequence number of each direction of each connection. */
  const sequence = new Map<string, number>();
  const records = passed.map(({ connection, from, bytes }, index) => {
    const [own, other] = [`${connection} ${from}`, `${connection} ${from === 'client' ? 'server' : 'client'}`];
    const at = sequence.get(own) ?? 1;
    sequence.set(own, at + bytes.length);
    const record = Buffer.alloc(16 + ipHeaderBytes + tcpHeaderBytes);
    const packetBytes = ipHeaderBytes + tcpHeaderBytes + bytes.length;
    record.writeUInt32LE(index + 1, 0);
    record.writeUInt32LE(packetBytes, 8);
    record.writeUInt32LE(packetBytes, 12);
    const ip = record.subarray(16);
    ip[0] = 0x45;
    ip.writeUInt16BE(packetBytes, 2);
    ip[8] = 64;
    ip[9] = 6;
    ip.writeUInt32BE(from === 'client' ? 0x0a000001 : 0x0a000002, 12);
    ip.writeUInt32BE(from === 'client' ? 0x0a000002 : 0x0a000001, 16);
    const tcp = ip.subarray(ipHeaderBytes);
    const clientPort = 40_000 + connection;
    tcp.writeUInt16BE(from === 'client' ? clientPort : modbusPort, 0);
    tcp.writeUInt16BE(from === 'client' ? modbusPort : clientPort, 2);
    tcp.writeUInt32BE(at, 4);
    tcp.writeUInt32BE(sequence.get(other) ?? 1, 8);
    tcp[12] = (tcpHeaderBytes / 4) << 4;
    tcp[13] = 0x18; // acknowledges, and pushes what it carries
    tcp.writeUInt16BE(8192, 14);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

const fields = ['frame.number', 'modbus.func_code', 'modbus.exception_code', 'modbus.request_frame'] as const;
const complaints = ['_ws.malformed', '_ws.expert.message'] as const;
/** Data as bytes, which stand in a read answer only where they do not fit its own byte count; the dissector does not say so. */
const rawData = 'modbus.data';
/** Reads have the function codes up to this one. */
const lastRead = 4;

/** Has tshark dissect what passed; `protocol` is `mbtcp`, or `mbrtu` for RTU frames in the stream. */
export async function dissect(passed: readonly Passed[], protocol: 'mbtcp' | 'mbrtu' = 'mbtcp'): Promise<Dissection> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-pcap-'));
  try {
    const file = join(folder, 'conversation.pcap');
    await writeFile(file, captureOf(passed));
    const shown = [...fields, 'tcp.srcport', rawData, ...complaints].flatMap((field) => ['-e', field]);
    const checked = ['-o', 'mbrtu.crc_verification:TRUE'];
    const how = [...checked, '-d', `tcp.port==${modbusPort},${protocol}`, '-T', 'fields', '-E', 'aggregator=;'];
    const { stdout } = await promisify(execFile)('tshark', ['-r', file, ...how, ...shown]);
    return judge(stdout.split('\n').filter((line) => line !== ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads tshark's lines: a segment with several frames has several values in a field. */
function judge(lines: readonly string[]): Dissection {
  const values = (cell: string | undefined) => (cell ? cell.split(';') : []);
  const codes: number[] = [];
  const exceptions: number[] = [];
  const wrong: string[] = [];
  let [requests, answers, unasked] = [0, 0, 0];
  for (const line of lines) {
    const [frame, functions, refused, asked, port, data, ...complained] = line.split('\t');
    const found = values(functions).map(Number);
    codes.push(...found.map((code) => code & 0x7f));
    exceptions.push(...values(refused).map(Number));
    if (Number(port) === modbusPort) {
      answers += found.length;
      unasked += found.length - values(refused).length - values(asked).length;
    } else requests += found.length;
    const said = complained.filter((text) => text !== '');
    if (data && found.every((code) => code <= lastRead)) said.push(`data that do not fit: ${data}`);
    if (found.length === 0 || said.length > 0) wrong.push(`frame ${frame}: ${said.join(', ') || 'no Modbus in it'}`);
  }
  const functions = [...new Set(codes)].sort((a, b) => a - b);
  return { functions, requests, answers, exceptions, unasked, wrong };
}
