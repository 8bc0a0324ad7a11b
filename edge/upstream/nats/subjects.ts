import type { Event } from '../../core/event.ts';
import { districtOf } from '../grid-cell.ts';

/** Where the messages of one gateway go: `<prefix>.<gateway>`. */
export interface Subjects {
  readonly prefix: string;
  readonly gateway: string;
}

/** What of a city something belongs to. */
export interface Belonging {
  readonly utility: string;
  /** County-level district, the first six digits of a grid cell code (GB/T 30428.1; codes of GB/T 2260); empty where not known. */
  readonly district: string;
}

/** Stands where there is no name. */
const nameless = '-';

/** A subject of the gateway itself. */
export const gatewaySubject = (
  { prefix, gateway }: Subjects,
  name: 'commands' | 'replies' | 'receipts' | 'heartbeat',
): string => [prefix, token(gateway), name].join('.');

/** `<prefix>.<gateway>.events.<utility>.<district>.<asset>`; events of no utility go under `gateway`. */
export function eventSubject({ prefix, gateway }: Subjects, { utility, subject, data }: Event): string {
  const tokens = [gateway, 'events', utility || 'gateway', districtOf(data['grid']), subject];
  return [prefix, ...tokens.map(token)].join('.');
}

/** `<prefix>.<gateway>.values.<utility>.<district>.<device>`. */
export function valuesSubject({ prefix, gateway }: Subjects, { utility, district }: Belonging, device: string): string {
  return [prefix, ...[gateway, 'values', utility, district, device].map(token)].join('.');
}

/** All subjects of all gateways' events, or values, under a prefix. */
export const allOf = (prefix: string, what: 'events' | 'values'): string => `${prefix}.*.${what}.>`;

/** A name as one subject token: blanks, dots, wildcards and control characters as `%` and two hexadecimal digits. */
function token(name: string): string {
  const escaped = name.replace(/[\0- .*>%\x7f]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return escaped || nameless;
}
