import { z } from 'zod';
import { expecting } from '../../edge/core/spec-text.ts';
import { both } from '../../edge/core/text.ts';
import {
  type DeviceDefinition,
  type Driver,
  type DriverHost,
  type DriverSession,
  type SessionEvents,
  wordOrders,
} from '../api.ts';
import { behindTerminal } from './behind-terminal.ts';
import { ModbusClient, prepareRead } from './client.ts';
import { askRegisters } from './enquiry.ts';
import { modbusErrors } from './errors.ts';
import { checkLine, lineOptions } from './line-options.ts';
import { maxAddress, notations } from './notation.ts';
import { serialCosts } from './open-line.ts';
import { readPoint, writePoint } from './output.ts';
import { exceptionText, isGatewayException, maxReadRegisters } from './pdu.ts';
import { describeLine, type LineEndpoint, parseLine } from './place.ts';
import { type PlannedPoll, planPolls } from './planner.ts';
import { examinePoints, locate } from './points.ts';
import { ModbusPoll } from './poll.ts';
import { modbusProfiles } from './profiles/index.ts';
import { registrationOf } from './registration.ts';
import { shareLink } from './shared-links.ts';

/** Two bytes at 1 Mbit/s: on a network, registers cost next to nothing beside a round trip. */
const registerMs = 0.016;

const options = z.object({
  unit: z.int().min(0).max(255).default(1).describe('Unit id of the device behind the address (站号).'),
  order: z
    .enum(wordOrders)
    .default('abcd')
    .describe('Byte order of points whose row names none; for 64-bit values the one that swaps alike.'),
  notation: z
    .enum(notations)
    .optional()
    .describe(
      'How the point table writes addresses: `wire` (from 0; when left out), `one-based` (from 1), `modicon5` (40001) or `modicon6` (400001); references name their table.',
    ),
  utcOffset: z
    .string()
    .regex(
      /^[+-](?:0\d|1[0-4]):[0-5]\d$/,
      expecting('expected an offset from UTC such as "+08:00"', '应为与 UTC 的时差，如 "+08:00"'),
    )
    .default('+08:00')
    .describe('What the clock of the device is set to, for points of type `time-bcd48`: its offset from UTC.'),
  ...lineOptions,
  maxRegisters: z
    .int()
    .min(4)
    .max(maxReadRegisters)
    .default(maxReadRegisters)
    .describe('Most registers in one read; some devices take only 30 or 60.'),
  maxGap: z
    .int()
    .min(0)
    .max(maxReadRegisters)
    .default(maxReadRegisters)
    .describe('Registers that no point needs but that are read along to save a request; 0 never reads a hole.'),
  roundTripMs: z
    .number()
    .min(0.1)
    .max(10_000)
    .default(20)
    .describe('What one more request costs, ms: holes are read along while that is cheaper.'),
  forbidden: z
    .array(
      z.object({
        table: z.enum(['coil', 'discrete', 'input', 'holding']).describe('Table.'),
        from: z.int().min(0).max(maxAddress).describe('First address, from 0.'),
        to: z.int().min(0).max(maxAddress).describe('Last address.'),
      }),
    )
    .max(200)
    .default([])
    .describe('Stretches that are never read, not even along with others (reading them resets or blocks something).'),
  writeMultiple: z
    .boolean()
    .default(false)
    .describe('Write with function codes 15 and 16 even a single coil or register; some devices know only these.'),
  writeBits: z
    .boolean()
    .default(false)
    .describe('Write a bit of a register by reading and rewriting it; only where nothing else writes that register.'),
});

/** What single questions need of the options; made once, since rows come by the ten thousand. */
const addressing = options.pick({ notation: true, order: true });
const examining = options.pick({ forbidden: true, maxRegisters: true, notation: true });

/** A gateway may be asked this often for the device behind it before the attempt to connect counts as failed. */
const identifyTries = 3;

/** `pump-7 (10.0.0.7:502 unit 3)`. */
const targetOf = (device: DeviceDefinition, line: LineEndpoint, unit: number): string =>
  `${device.id} (${describeLine(line)} unit ${unit})`;

/**
 * Asks until the device answers anything, an exception included: only then is it a Modbus device that is online.
 * Rejects when a gateway keeps saying that the device behind it is silent, after the client's number of timeouts in a
 * row, or when the link ends.
 */
async function identify(client: ModbusClient, plan: readonly PlannedPoll[], unit: number, target: string) {
  const reads = plan.flatMap((poll) => poll.reads);
  let turnedAway = 0;
  for (let attempt = 0; ; attempt++) {
    const read = reads[attempt % reads.length];
    if (!read) return;
    const prepared = prepareRead(unit, read.table, read.address, read.count);
    const outcome = await client.read(prepared, new Uint16Array(read.count));
    if (outcome.kind === 'timeout' && client.impatient) throw outcome.error;
    if (outcome.kind === 'timeout') continue;
    if (outcome.kind === 'values' || !isGatewayException(outcome.exception)) return;
    if (++turnedAway === identifyTries) {
      const { zh, en } = exceptionText(outcome.exception);
      const text = both(
        `connect to ${target}: the gateway answers with exception ${en}`,
        `连接 ${target}：前置网关答复异常 ${zh}`,
      );
      throw modbusErrors.create('GATEWAY', text);
    }
  }
}

/** `+08:00` in ms. */
function offsetMs(text: string): number {
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

async function open(
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  signal: AbortSignal,
): Promise<DriverSession> {
  const line = parseLine(device.id, device.endpoint);
  const connect = () => openOn(line, device, events, host, signal);
  if (line.kind !== 'dtu') return connect();
  const { unit, registration, heartbeat } = options.parse(device.options);
  const target = targetOf(device, line, unit);
  const expected = registrationOf({ id: line.terminal, registration, heartbeat });
  return behindTerminal({ device, endpoint: line, registration: expected, target, events, host, signal }, connect);
}

async function openOn(
  line: LineEndpoint,
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  signal: AbortSignal,
): Promise<DriverSession> {
  const {
    unit,
    utcOffset,
    timeoutMs,
    minPauseMs,
    learnTimeout,
    minTimeoutMs,
    maxInFlight,
    closeAfterPoll,
    roundTripMs,
    writeMultiple,
    writeBits,
    ...limits
  } = options.parse(device.options);
  const target = targetOf(device, line, unit);
  const plan = planPolls(device.points, {
    ...{ ...limits, maxInFlight },
    ...(serialCosts(line) ?? { requestMs: roundTripMs, registerMs }),
  });
  const link = await shareLink(line, { target, maxInFlight, closeAfterPoll }, host, signal);
  let identified = false;
  let failure: unknown;
  const client = new ModbusClient(link, {
    ...{ target, timeoutMs, minPauseMs, wire: events.wire },
    patience: learnTimeout ? { minTimeoutMs } : undefined,
    lost: (error) => {
      if (identified) events.lost(error);
      else failure = error;
    },
  });
  const abort = () => client.close();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await identify(client, plan, unit, target);
    if (failure) throw failure;
    identified = true;
  } catch (error) {
    client.close();
    throw failure ?? error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const utcOffsetMs = offsetMs(utcOffset);
  const polls = plan.map(
    (poll) => new ModbusPoll(poll, { device: device.id, target, unit, utcOffsetMs, client, host }),
  );
  const output = { client, unit, target, multiple: writeMultiple, bits: writeBits };
  return {
    polls,
    diagnostics: () => ({ requests: polls.flatMap((poll) => poll.diagnostics()), facts: [] }),
    write: (point, raw) => writePoint(output, point, raw),
    readBack: (point) => readPoint(output, point),
    enquire: (enquiry) =>
      enquiry.kind === 'registers'
        ? askRegisters({ client, unit, target, clock: host.clock, ...limits }, enquiry)
        : undefined,
    async close() {
      client.close();
    },
  };
}

function examine(device: DeviceDefinition) {
  return examinePoints(device, examining.parse(device.options));
}

/**
 * Modbus TCP (Modbus Messaging on TCP/IP 1.0b) on `tcp://host:port`, RTU frames inside TCP on `rtu+tcp://host:port`, the
 * same behind terminals that dial in on `dtu://host:port/id`, and RTU on a serial port (Modbus over Serial Line 1.02) on
 * `serial:///dev/ttyS0`.
 */
export const modbusDriver: Driver = {
  name: 'modbus',
  options,
  needs: ['table', 'address'],
  profiles: modbusProfiles,
  locate: (written, given) => locate(written, addressing.parse(given)),
  examine,
  validate(device) {
    checkLine(device);
    const wrong = examine(device).find(({ severity }) => severity === 'error');
    if (wrong) throw wrong.error;
  },
  open,
};
