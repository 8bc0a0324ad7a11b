import type { Clock } from '../../edge/core/clock.ts';
import { asText } from '../../edge/core/text.ts';
import type { DriverHost } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { ModbusLink } from './link.ts';
import { openLine } from './open-line.ts';
import { describeLine, type LineEndpoint } from './place.ts';

/** Links of one gateway by line; an attempt that is under way is shared too. */
type Links = Map<string, Promise<ModbusLink>>;

/** Gateways in one process each have a clock of their own, and never share a link. */
const linksOf = new WeakMap<Clock, Links>();

/** What a device asks of its link; the most careful of those that share it decides. */
export interface LinkWishes {
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly maxInFlight: number;
  /** Whether the connection is to be open only while something is asked. */
  readonly closeAfterPoll?: boolean;
}

/**
 * The link of a line, opened when nobody has it yet: all unit ids behind one address or serial port go over one
 * connection, since many gateways and PLCs take no second one. Rejects with `LL-MODBUS-CONNECT`; an attempt that several
 * wait for is given up when the one who began it gives up, and the others try again.
 */
export async function shareLink(
  line: LineEndpoint,
  options: LinkWishes,
  host: DriverHost,
  signal: AbortSignal,
): Promise<ModbusLink> {
  const { clock } = host;
  const links = linksOf.get(clock) ?? new Map();
  linksOf.set(clock, links);
  const key = `${line.kind} ${describeLine(line)}`;
  const known = links.get(key);
  const standing = await known?.catch(() => undefined);
  if (standing && !standing.ended) {
    standing.limitInFlight(options.maxInFlight);
    if (options.closeAfterPoll) standing.closeBetweenPolls();
    return standing;
  }
  if (links.get(key) !== known) return shareLink(line, options, host, signal);
  const opening = openLine(line, options.target, host, signal).then((stream) => {
    const link = new ModbusLink(stream, {
      ...{ clock, maxInFlight: options.maxInFlight, numbered: line.kind === 'tcp' },
      mixedUp: (inFlight) => warnOfMixUp(line, inFlight, host),
      reopen: (ending) => openLine(line, describeLine(line), host, ending),
    });
    if (options.closeAfterPoll) link.closeBetweenPolls();
    return link;
  });
  links.set(key, opening);
  try {
    return await opening;
  } catch (error) {
    if (links.get(key) === opening) links.delete(key);
    throw error;
  }
}

function warnOfMixUp(line: LineEndpoint, inFlight: number, { log }: DriverHost): void {
  const what = `an answer from ${describeLine(line)} fitted none of the up to ${inFlight} requests in flight`;
  const { code, next, message } = modbusErrors.create(
    'MIXED',
    asText(`${what}; from now on one at a time, until the connection is made anew`),
  );
  log.warn({ code, next }, message);
}
