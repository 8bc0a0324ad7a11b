/**
 * A client's IPv4 address as a number that people can read on any display: three digits for each octet, so that
 * 10.0.3.17 is 10 000 003 017. 0 for what is no such address.
 */
export function clientNumber(address: string): number {
  const octets = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  return octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255)
    ? octets.reduce((number, octet) => number * 1000 + octet, 0)
    : 0;
}

/** What clients do to one PLC, as it counts them itself; clients by their numbers. */
export class PlcTraffic {
  private readonly open = new Map<number, number>();
  private standing = 0;
  /** Connections that found no place. */
  refused = 0;
  requests = 0;
  /** Requests that were answered by a refusal. */
  exceptions = 0;
  /** Requests that wrote something, who sent the last one, and when, ms since epoch; 0 for nobody yet. */
  writes = 0;
  lastWriter = 0;
  lastWriteMs = 0;

  connect(client: number): void {
    this.open.set(client, this.heldBy(client) + 1);
    this.standing++;
  }

  disconnect(client: number): void {
    const held = this.heldBy(client);
    if (held === 0) return;
    if (held > 1) this.open.set(client, held - 1);
    else this.open.delete(client);
    this.standing--;
  }

  /** Connections that a client has. */
  heldBy(client: number): number {
    return this.open.get(client) ?? 0;
  }

  /** Every connection is gone. */
  disconnectAll(): void {
    this.open.clear();
    this.standing = 0;
  }

  wrote(client: number, timeMs: number): void {
    this.writes++;
    this.lastWriter = client;
    this.lastWriteMs = timeMs;
  }

  /** Connections that stand. */
  get connections(): number {
    return this.standing;
  }

  /** Different clients among them. */
  get clients(): number {
    return this.open.size;
  }
}
