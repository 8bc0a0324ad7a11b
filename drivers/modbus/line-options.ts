import { z } from 'zod';
import type { DeviceDefinition } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { parseLine } from './place.ts';
import { idPlaceholder, registrationOf } from './registration.ts';
import { modbusTexts } from './texts.ts';

/** Keys of a device that say how its line is used. */
export const lineOptions = {
  timeoutMs: z.int().min(50).max(60_000).default(1000).describe('How long to wait for one answer, ms.'),
  learnTimeout: z
    .boolean()
    .default(true)
    .describe(
      'Where others wait for the line, wait for this device only as long as its own round trips say (never above `timeoutMs`).',
    ),
  minTimeoutMs: z.int().min(10).max(60_000).default(50).describe('Least of the timeouts learnt, ms.'),
  minPauseMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe(
      'Least time between the end of an exchange with the device and its next request, ms; for devices that miss a request which follows at once. On RTU lines the whole line is silent meanwhile.',
    ),
  maxInFlight: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Requests under way at once; above 1 only for devices that sort by transaction id (not serial bridges).'),
  closeAfterPoll: z
    .boolean()
    .default(false)
    .describe(
      'Close the TCP connection after each poll and open it for the next; for devices that serve a single client, which others need in between.',
    ),
  registration: z
    .string()
    .min(1)
    .max(200)
    .default(idPlaceholder)
    .describe(
      'Behind a terminal that dials in: its registration packet, `{id}` standing for the id in the endpoint: text such as `REG:{id}`, bytes such as `0x7e{id}0d` (an id `0x…` is bytes too), or `/pattern/` whose first group is the id.',
    ),
  heartbeat: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Behind a terminal that dials in: its heartbeat, text or `0x…`, where it may stick to the registration.'),
} as const;

const schema = z.object(lineOptions);

/** Throws when the keys of a device cannot be had together or on its line: `LL-MODBUS-ENDPOINT`, `LL-MODBUS-OPTIONS`. */
export function checkLine(device: DeviceDefinition): void {
  const line = parseLine(device.id, device.endpoint);
  const { maxInFlight, minPauseMs, closeAfterPoll, registration, heartbeat } = schema.parse(device.options);
  if (closeAfterPoll && (line.kind === 'serial' || line.kind === 'dtu')) {
    throw modbusErrors.create('OPTIONS', modbusTexts.noConnectionToClose(device.id, device.endpoint));
  }
  if (line.kind === 'dtu') registrationOf({ id: line.terminal, registration, heartbeat });
  else if (registration !== idPlaceholder || heartbeat !== undefined) {
    throw modbusErrors.create('OPTIONS', modbusTexts.noTerminalToRegister(device.id, device.endpoint));
  }
  if (line.kind !== 'tcp' && maxInFlight > 1) {
    throw modbusErrors.create('ENDPOINT', modbusTexts.inFlightOnRtu(device.endpoint, device.id, maxInFlight));
  }
  if (maxInFlight > 1 && minPauseMs > 0) {
    throw modbusErrors.create('OPTIONS', modbusTexts.inFlightAndPause(device.id, maxInFlight, minPauseMs));
  }
}
