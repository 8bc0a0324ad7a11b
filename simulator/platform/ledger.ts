/** An event as the platform received it: CloudEvents 1.0, with what this side relies on checked. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Decodes a structured CloudEvent; undefined when it is none. */
export function decodeEvent(payload: string): ReceivedEvent | undefined {
  const event = parseObject(payload);
  if (event?.['specversion'] !== '1.0' || event['datacontenttype'] !== 'application/json') return undefined;
  const { id, type, source, time, subject, data } = event;
  if (!/\/\d{1,15}$/.test(String(id))) return undefined;
  const texts = [id, type, source, time, subject].every((text) => typeof text === 'string' && text !== '');
  if (!texts || Number.isNaN(Date.parse(String(time))) || typeof data !== 'object' || data === null) return undefined;
  return event as unknown as ReceivedEvent;
}

/** A JSON object, or undefined. */
export function parseObject(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Missing events remembered by id, to see them come late; gaps are counted beyond that too. */
const maxMissing = 100_000;

/** What the platform remembers of events: which it had, and what is missing in each (gateway, stream, epoch). */
export class EventLedger {
  duplicates = 0;
  /** Sequences that were passed over and did not come later. */
  gaps = 0;
  /** Ids that came with a second content: what must never happen. */
  conflicts = 0;
  /** Content by id. */
  private readonly ids = new Map<string, string>();
  private readonly newest = new Map<string, number>();
  private readonly missing = new Set<string>();

  /** Distinct events. */
  get received(): number {
    return this.ids.size;
  }

  /** Notes an id `<gateway>/<stream>/<epoch>/<sequence>` and its content; false when the id was there before. */
  note(id: string, content: string): boolean {
    const known = this.ids.get(id);
    if (known !== undefined) {
      if (known === content) this.duplicates++;
      else this.conflicts++;
      return false;
    }
    this.ids.set(id, content);
    const slash = id.lastIndexOf('/');
    const [run, sequence] = [id.slice(0, slash), Number(id.slice(slash + 1))];
    const before = this.newest.get(run);
    if (this.missing.delete(id)) this.gaps--;
    const expected = (before ?? sequence) + 1;
    this.gaps += Math.max(0, sequence - expected);
    for (let passed = expected; passed < sequence && this.missing.size < maxMissing; passed++) {
      this.missing.add(`${run}/${passed}`);
    }
    this.newest.set(run, Math.max(before ?? sequence, sequence));
    return true;
  }
}
