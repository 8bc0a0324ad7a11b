import { parseEndpoint, type TcpEndpoint } from '../../../drivers/modbus/place.ts';

/** Addresses of one scan at most: a /20. */
export const maxAddresses = 4096;
const maxUnit = 247;

/** What is to be scanned, or why the text is nothing: `10.0.3.17`, `10.0.3.0/24`, `tcp://10.0.3.17:1502`. */
export function parseScanTarget(text: string, port: number): readonly TcpEndpoint[] | { readonly why: string } {
  const cidr = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (cidr) {
    const [a = 0, b = 0, c = 0, d = 0, bits = 0] = cidr.slice(1).map(Number);
    if ([a, b, c, d].some((byte) => byte > 255) || bits > 32) return { why: `"${text}" is no network` };
    return addressesOf(((a << 24) | (b << 16) | (c << 8) | d) >>> 0, bits, port);
  }
  try {
    return [parseEndpoint('the target', text.includes('://') ? text : `tcp://${text}:${port}`)];
  } catch {
    return { why: `"${text}" is none of HOST, NETWORK/BITS, tcp://HOST:PORT` };
  }
}

/** Hosts of a network, without its own and its broadcast address where there are such. */
function addressesOf(address: number, bits: number, port: number): readonly TcpEndpoint[] | { readonly why: string } {
  const size = 2 ** (32 - bits);
  if (size > maxAddresses)
    return { why: `a /${bits} has ${size} addresses; scan at most ${maxAddresses} (a /20) at once` };
  const first = Math.floor(address / size) * size;
  const edge = size > 2 ? 1 : 0;
  return Array.from({ length: size - 2 * edge }, (_, index) => {
    const host = first + edge + index;
    return { host: [24, 16, 8, 0].map((shift) => (host >>> shift) & 255).join('.'), port };
  });
}

/** Unit ids of `1-247`, `1,3,17-20`, in order and each once; undefined when the text is none. */
export function parseUnits(text: string): readonly number[] | undefined {
  const units = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim());
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!(from <= to && to <= maxUnit)) return undefined;
    for (let unit = from; unit <= to; unit++) units.add(unit);
  }
  return [...units].sort((a, b) => a - b);
}
