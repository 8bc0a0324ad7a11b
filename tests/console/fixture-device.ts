import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { answerText, requestText } from '../../drivers/modbus/frame-text.ts';
import { encodeException, encodeReadReply, encodeReadRequest, exceptionText } from '../../drivers/modbus/pdu.ts';
import { placesText } from '../../drivers/modbus/place.ts';
import type { ConsoleInspection } from '../../edge/console/api.ts';
import type { RequestDiagnostics, WireFrame } from '../../edge/core/diagnostics.ts';
import { DurationHistogram } from '../../edge/core/duration-histogram.ts';
import type { DeviceStatus } from '../../edge/core/status.ts';

const unit = 1;
const pointsPerRead = 12;
const maxFrames = 100;

/** A Modbus device as it looks after so many polls: three reads, the last of which it refuses. */
export function inspectionOf(
  status: DeviceStatus,
  tags: readonly number[],
  polls: number,
  now: number,
): ConsoleInspection {
  const roundTrips = new DurationHistogram();
  for (let poll = 0; poll < polls * 3; poll++) roundTrips.add(2 + (poll % 7) + (poll % 41 === 0 ? 60 : 0));
  const counts = { sentBytes: 2160, receivedBytes: 9420, requests: 180, timeouts: 2, exceptions: 60, strays: 1 };
  return {
    status,
    frames: framesOf(polls, now),
    requests: requestsOf(tags),
    facts: [],
    wire: {
      lastMinute: counts,
      total: { ...counts, requests: 180 + polls * 3 },
      roundTrips: {
        count: roundTrips.count,
        p50Ms: roundTrips.quantile(0.5),
        p99Ms: roundTrips.quantile(0.99),
        bars: roundTrips.bars(),
      },
    },
  };
}

function requestsOf(tags: readonly number[]): RequestDiagnostics[] {
  const place = (at: number, count: number) => {
    const { zh, en } = placesText('holding', at, count);
    return { zh: `站号 ${unit}，${zh}`, en: `unit ${unit}, ${en}` };
  };
  const [refused = 0, ...others] = tags;
  const reads = Array.from({ length: Math.ceil(others.length / pointsPerRead) }, (_, read) => {
    const own = others.slice(read * pointsPerRead, (read + 1) * pointsPerRead);
    return { periodMs: 1000, place: place(read * 100, own.length * 2), tags: own, state: 'answered' as const };
  });
  return [
    ...reads,
    { periodMs: 1000, place: place(4000, 1), tags: [refused], state: 'refused', reason: exceptionText(2) },
  ];
}

function framesOf(polls: number, now: number): WireFrame[] {
  const exchanges = [
    { request: encodeReadRequest('holding', 0, 4), reply: encodeReadReply('holding', Uint16Array.of(polls, 7, 8, 9)) },
    { request: encodeReadRequest('holding', 4000, 1), reply: encodeException(Uint8Array.of(3), 2) },
  ];
  const frames = Array.from({ length: polls }, (_, poll) =>
    exchanges.flatMap(({ request, reply }, index): WireFrame[] => {
      const at = now - (polls - poll) * 1000 + index * 20;
      const transaction = (poll * exchanges.length + index) & 0xffff;
      return [
        {
          ...{ at, direction: 'sent', bytes: encodeMbap(transaction, unit, request) },
          describe: () => requestText(unit, request),
        },
        {
          ...{ at: at + 9, direction: 'received', bytes: encodeMbap(transaction, unit, reply), roundTripMs: 8.7 },
          describe: () => answerText(unit, reply, request),
        },
      ];
    }),
  );
  return frames.flat().slice(-maxFrames);
}
