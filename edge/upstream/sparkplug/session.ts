/**
 * One session of an edge node (Sparkplug 3.0 §5.4–5.12): whether its births are out, which counters come next, and of
 * which devices the host knows. `away` lasts from the end of a connection, or the node's own death, to the next
 * connection; in `waiting` the primary host is not there.
 */
export interface Session {
  readonly phase: 'away' | 'waiting' | 'born';
  /** Connection's number, 0–255: the same in its will and in all its births. */
  readonly bdSeq: number;
  /** Number of the next message, 0–255. */
  readonly seq: number;
  /** Newest timestamp of the primary host's STATE on this connection. */
  readonly hostMs: number;
  /** Devices whose links are up. */
  readonly up: ReadonlySet<string>;
  /** Devices whose births are out. */
  readonly born: ReadonlySet<string>;
}

/** What happens to a session. */
export type SessionInput =
  | { readonly kind: 'connected'; readonly bdSeq: number; readonly awaitsHost: boolean }
  | { readonly kind: 'lost' }
  | { readonly kind: 'host'; readonly online: boolean; readonly timeMs: number }
  | { readonly kind: 'rebirth' }
  | { readonly kind: 'devices'; readonly up: ReadonlySet<string> }
  /** Values are to go; of the node itself where there is no device. */
  | { readonly kind: 'data'; readonly device: string | undefined }
  | { readonly kind: 'leave' };

/** What is to be sent, in order; `part` ends the connection after what was sent. */
export type SessionOutput =
  | { readonly verb: 'NBIRTH'; readonly seq: number; readonly bdSeq: number }
  | { readonly verb: 'NDEATH'; readonly bdSeq: number }
  | { readonly verb: 'DBIRTH' | 'DDEATH' | 'DDATA'; readonly seq: number; readonly device: string }
  | { readonly verb: 'NDATA'; readonly seq: number }
  | { readonly verb: 'part' };

export interface SessionStep {
  readonly session: Session;
  readonly outputs: readonly SessionOutput[];
}

const none: ReadonlySet<string> = new Set();

export const firstSession: Session = {
  phase: 'away',
  bdSeq: 0,
  seq: 0,
  hostMs: Number.NEGATIVE_INFINITY,
  up: none,
  born: none,
};

/** bdSeq and seq run from 0 to 255 and begin again (tck-id-payloads-sequence-num-incrementing, topics-nbirth-bdseq-increment). */
export const afterCounter = (counter: number): number => (counter + 1) % 256;

/** The session after an input, and what is to be sent; an input that means nothing in a phase changes nothing. */
export function step(session: Session, input: SessionInput): SessionStep {
  switch (input.kind) {
    case 'connected': {
      const { bdSeq, awaitsHost } = input;
      const begun = { ...firstSession, up: session.up, bdSeq };
      return awaitsHost ? quiet({ ...begun, phase: 'waiting' }) : births(begun);
    }
    case 'lost':
      return quiet({ ...session, phase: 'away', born: none });
    case 'host':
      return hostSpoke(session, input.online, input.timeMs);
    case 'rebirth':
      return session.phase === 'born' ? births(session) : quiet(session);
    case 'devices':
      return devicesChanged(session, input.up);
    case 'data':
      return data(session, input.device);
    case 'leave':
      return session.phase === 'born' ? death(session) : quiet(session);
  }
}

const quiet = (session: Session): SessionStep => ({ session, outputs: [] });

/** NBIRTH with seq 0, then at once every device that is up (tck-id-message-flow-device-birth-publish-nbirth-wait). */
function births(session: Session): SessionStep {
  const { bdSeq, up } = session;
  const outputs: SessionOutput[] = [{ verb: 'NBIRTH', seq: 0, bdSeq }];
  let seq = 1;
  for (const device of up) {
    outputs.push({ verb: 'DBIRTH', seq, device });
    seq = afterCounter(seq);
  }
  return { session: { ...session, phase: 'born', seq, born: up }, outputs };
}

/** A node that goes by itself says so before it disconnects (tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath). */
function death(session: Session): SessionStep {
  return {
    session: { ...session, phase: 'away', born: none },
    outputs: [{ verb: 'NDEATH', bdSeq: session.bdSeq }, { verb: 'part' }],
  };
}

/** What is older than the newest word of the host is passed over (tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp). */
function hostSpoke(session: Session, online: boolean, timeMs: number): SessionStep {
  if (session.phase === 'away' || timeMs < session.hostMs) return quiet(session);
  const heard = { ...session, hostMs: timeMs };
  if (session.phase === 'waiting') return online ? births(heard) : quiet(heard);
  return online ? quiet(heard) : death(heard);
}

function devicesChanged(session: Session, up: ReadonlySet<string>): SessionStep {
  if (session.phase !== 'born') return quiet({ ...session, up });
  const outputs: SessionOutput[] = [];
  let { seq } = session;
  const tell = (verb: 'DBIRTH' | 'DDEATH', device: string) => {
    outputs.push({ verb, seq, device });
    seq = afterCounter(seq);
  };
  for (const device of session.born) if (!up.has(device)) tell('DDEATH', device);
  for (const device of up) if (!session.born.has(device)) tell('DBIRTH', device);
  return { session: { ...session, up, born: up, seq }, outputs };
}

/** No values before all births are out, none of a device that is dead (tck-id-payloads-ddata-order). */
function data(session: Session, device: string | undefined): SessionStep {
  const { phase, seq, born } = session;
  if (phase !== 'born' || (device !== undefined && !born.has(device))) return quiet(session);
  const output: SessionOutput = device === undefined ? { verb: 'NDATA', seq } : { verb: 'DDATA', seq, device };
  return { session: { ...session, seq: afterCounter(seq) }, outputs: [output] };
}
