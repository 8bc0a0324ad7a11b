import type { z } from 'zod';
import type { Asset } from '../core/asset.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Log } from '../core/log.ts';
import type { CentreOrder, OrderReply } from '../core/order.ts';
import type { Guidance } from '../core/pack.ts';
import type { Random } from '../core/random.ts';
import type { EntryRemark, Remark } from '../core/remark.ts';
import type { TagTable } from '../core/tag.ts';
import type { Cursors, History, Journal } from '../store/api.ts';
import type { Beginning } from './beginning.ts';
import type { CertificatePlaces } from './broker-certificates.ts';
import type { PostedRequest } from './call-back.ts';
import type { AlarmCounts } from './heartbeats.ts';
import type { OrderReceipt } from './order-gate.ts';

/** What is handed to sinks. */
export interface SinkHost {
  readonly gateway: string;
  /** The table in force; a batch means the one in force when it is published. */
  tags(): TagTable;
  /** Those of the configuration in force. */
  assets(): readonly Asset[];
  /** What the pack in force says comes of an alarm when nobody acts, and what is to be done. */
  guidance(asset: string, kind: string): Guidance;
  /** The newest sample of every tag, by the table in force. */
  readonly live: LiveTable;
  /** Those of the configuration in force. */
  devices(): readonly SinkDevice[];
  /** Calls back when a device comes, goes or changes its state, and when the configuration changed; returns what ends it. */
  onDevices(changed: () => void): () => void;
  /** Whether the sink's selection has an event. */
  wants(event: Event): boolean;
  /** Whether it has a tag of the table in force. */
  wantsTag(tag: number): boolean;
  /** Alarms that stand now, of those that the sink's selection has. */
  alarms(): AlarmCounts;
  /** What the centre asks for over this sink; never rejects but for a disk that refuses. */
  heed(order: CentreOrder): Promise<OrderReply>;
  readonly journal: Journal;
  readonly cursors: Cursors;
  /** Where it begins while it has no cursor; with the first event when left out. */
  readonly beginning?: Beginning;
  readonly history: Pick<History, 'begin' | 'query'>;
  readonly memory: SinkMemory;
  /** What the files say that the sink's entry names, by key: a text, or what its kind's schema made of it. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** Folder in which protocols keep what must survive restarts, such as certificates; shared with the drivers. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A device as sinks know it; places of calculated points are none. */
export interface SinkDevice {
  readonly id: string;
  /** Whether its link is up. */
  readonly online: boolean;
}

/** What one sink keeps over restarts beside its cursor, such as numbers it has given away. */
export interface SinkMemory {
  /** What is sound on disk, by name. */
  load(): Promise<Map<string, string>>;
  /** Resolves once all are on disk; either all of them or none. */
  save(bodies: ReadonlyMap<string, string>): Promise<void>;
}

export type SinkState = 'connecting' | 'online' | 'waiting';

/** Figures of a running sink, for health pages and reports. */
export interface SinkStatus {
  readonly id: string;
  readonly sink: string;
  readonly endpoint: string;
  readonly state: SinkState;
  /** Coded text of the last trouble, empty when none. */
  readonly lastError: string;
  /** The same in both languages; left out when none. */
  readonly problem?: Problem;
  /** Events confirmed by the far end since start. */
  readonly forwarded: number;
  /** Events in the journal that are not confirmed yet. */
  readonly pending: number;
  /** Age of the oldest unconfirmed event in ms, 0 when none. */
  readonly oldestPendingMs: number;
  /** Events sent whose receipt has not come, where the receiver has to confirm. */
  readonly unconfirmed?: number;
  /** Events that the far end refused for good since start; they are in the journal. */
  readonly refused?: number;
  /** Values sent as they came, since start; this and the next ones of sinks that carry values. */
  readonly sent?: number;
  /** Values sent later from history, since start. */
  readonly backfilled?: number;
  /** Values of history that the deadband held back then, as it does with new ones. */
  readonly thinned?: number;
  /** Values that will not be sent any more, since start. */
  readonly dropped?: number;
  /** About how many values are still to be sent from history. */
  readonly owed?: number;
  /** Age of the oldest value that is still to be sent, ms; 0 when none is. */
  readonly backlogMs?: number;
  /** How long ago the far end took a heartbeat, ms, once it has missed several; 0 before, left out where there are none. */
  readonly heartbeatOverdueMs?: number;
  /** Events that the far end does not take and that wait for a person; left out where there are none of the kind. */
  readonly deadLetters?: number;
}

/** An event that the far end does not take, kept until somebody sends it again or lets it go. */
export interface DeadLetter {
  /** Of the CloudEvent. */
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** When it happened, and since when it is dead; ms since epoch. */
  readonly time: number;
  readonly since: number;
  /** Coded text. */
  readonly reason: string;
  /** The same in both languages; left out of what an older version kept. */
  readonly problem?: Problem;
}

/** What can be done with the dead letters of a sink that has some. */
export interface DeadLetterOffice {
  /** The oldest first. */
  list(): readonly DeadLetter[];
  /** Sends those again, or all; returns how many. One that is not taken stays. */
  resend(ids?: readonly string[]): number;
  /** Lets those go for good; resolves with how many there were. */
  discard(ids: readonly string[]): Promise<number>;
}

/** Where the far end of a sink reports back by requests of its own. */
export interface CallBackDesk {
  /** Resolves with the answer; never rejects. */
  take(request: PostedRequest): Promise<OrderReceipt>;
}

/** What somebody acknowledges who sends back the code of a message. */
export interface Reply {
  /** To whom the message went, and over which sink. */
  readonly by: string;
  readonly alarms: readonly { readonly alarm: string; readonly raisedAt: number }[];
}

/** Codes of messages that a sink sent. */
export interface ReplyDesk {
  knows(code: string): boolean;
  /** Takes a code in, for good; undefined where it is too old, or came from somebody else. */
  take(code: string, from: string | undefined): Reply | undefined;
}

/** A running road upstream: a cursor into the journal, and live telemetry where the sink carries it. */
export interface Sink {
  start(): Promise<void>;
  /** Live samples after the pipeline; never waits. */
  publish(batch: SampleBatch): void;
  status(): SinkStatus;
  readonly deadLetters?: DeadLetterOffice;
  /** Left out where the far end has no way to report back, or none to prove who it is. */
  readonly callBack?: CallBackDesk | undefined;
  /** Left out where messages have no codes. */
  readonly replies?: ReplyDesk | undefined;
  /** Stops within 2 s; may be called twice. */
  stop(): Promise<void>;
}

/** What a file is read as: a text without blanks around it, or YAML checked against a schema, which also comes shipped. */
export type FileContent =
  | 'text'
  | {
      readonly schema: z.ZodType;
      /** Folder below the shipped models in which a name without an ending is looked for. */
      readonly shipped: string;
    };

/** One kind of sink. Adding one takes a folder and a line in `registry.ts`. */
export interface SinkKind {
  readonly name: string;
  /** Schema of the sink's own keys of a `sinks:` entry, beside `id` and `sink`. */
  readonly options: z.ZodObject;
  /** Whether events, such as alarms, do not go over it. */
  readonly valuesOnly?: true;
  /** Which of its keys name files, and what is in them; `tls.ca` is `ca` within `tls`. */
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Which of them have certificates; left out where none do. */
  readonly certificates?: CertificatePlaces;
  /**
   * What is to be said of an entry beyond its keys, with the `documents` that its files have.
   * @param nowMs ms since epoch
   */
  review?(entry: Readonly<Record<string, unknown>>, nowMs: number): readonly Remark[];
  /** What is to be said of all entries of this kind together, such as names that several of them have. */
  reviewTogether?(entries: readonly Readonly<Record<string, unknown>>[], gateway: string): readonly EntryRemark[];
  create(id: string, options: Readonly<Record<string, unknown>>, host: SinkHost): Sink;
}
