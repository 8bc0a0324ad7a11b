import type { DurationBar } from './duration-histogram.ts';
import type { Text } from './text.ts';

/** One message of a device's protocol. */
export interface WireFrame {
  /** ms since epoch, by the gateway's clock. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  /** The message as on the wire, header and checksum included; nobody changes it any more. */
  readonly bytes: Uint8Array;
  /** For an answer: how long after its request it came. */
  readonly roundTripMs?: number;
  /** What it says, in words; made when asked for. */
  describe(): Text;
}

/** What went over the wire of a device in some time. */
export interface WireCounts {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly requests: number;
  /** Requests without an answer in time. */
  readonly timeouts: number;
  /** Answers by which the device, or a gateway before it, refused. */
  readonly exceptions: number;
  /** Answers that fitted no request and were dropped. */
  readonly strays: number;
}

/** The wire of one device, whatever sessions it has had. */
export interface WireFigures {
  readonly lastMinute: WireCounts;
  /** Since the gateway's start. */
  readonly total: WireCounts;
  readonly roundTrips: {
    readonly count: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly bars: readonly DurationBar[];
  };
}

/** Something that a device is asked again and again, or once for all changes. */
export interface RequestDiagnostics {
  readonly periodMs: number;
  /** Where it reads, or what it is: `unit 1, holding 40001–40010`. */
  readonly place: Text;
  /** Tag indexes of the points that it answers. */
  readonly tags: readonly number[];
  /** How it ended last; `waiting` before that. */
  readonly state: 'waiting' | 'answered' | 'refused' | 'silent';
  /** Why it was refused. */
  readonly reason?: Text;
}

/** A figure of one protocol that has no place elsewhere. */
export interface DiagnosticFact {
  readonly name: Text;
  readonly value: string | number;
  /** UCUM code, where the value has one. */
  readonly unit?: string;
}

/** What a session knows of itself. */
export interface SessionDiagnostics {
  readonly requests: readonly RequestDiagnostics[];
  readonly facts: readonly DiagnosticFact[];
}

/** One device under the magnifying glass. Without a session, requests and facts are empty. */
export interface DeviceDiagnostics extends SessionDiagnostics {
  readonly wire: WireFigures;
}
