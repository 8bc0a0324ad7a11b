import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import type { SampleBatch } from '../edge/core/batch.ts';
import type { Clock } from '../edge/core/clock.ts';
import type { SessionDiagnostics, WireFrame } from '../edge/core/diagnostics.ts';
import type { Enquiry, EnquiryAnswer } from '../edge/core/enquiry.ts';
import type { LifelineError } from '../edge/core/errors.ts';
import type { Log } from '../edge/core/log.ts';
import type { Random } from '../edge/core/random.ts';
import type { Text } from '../edge/core/text.ts';

export const pointTables = ['coil', 'discrete', 'input', 'holding'] as const;
export type PointTable = (typeof pointTables)[number];

/** Where a point lives in a device and how it is coded there. Which fields count depends on the driver. */
export interface PointAddress {
  readonly table: PointTable;
  /** Zero-based address on the wire. */
  readonly address: number;
  /** Bit 0..15 of a register, where one bit is meant. */
  readonly bit: number | undefined;
  readonly type: PointType;
  readonly order: WordOrder;
  /** Registers that a text fills. */
  readonly length?: number;
  /** OPC UA node id. */
  readonly node: string;
}

/**
 * What the registers of a value hold, beside the usual integers and floats: `bcd16/32` four or eight decimal digits;
 * `mod10k48/64` registers of four decimal digits each, the first the least significant; `exponent-uint24/int24` a byte of
 * decimal exponent and 24 bits of mantissa; `mantissa-exponent32` a register of each; `time-unix32` seconds since 1970 and
 * `time-bcd48` year, month, day, hour, minute, second in two digits each, both as ms since epoch.
 */
export const numberTypes = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
  'mod10k48',
  'mod10k64',
  'exponent-uint24',
  'exponent-int24',
  'mantissa-exponent32',
  'time-unix32',
  'time-bcd48',
] as const;
export type NumberType = (typeof numberTypes)[number];

const timeTypes: ReadonlySet<PointType> = new Set<PointType>(['time-unix32', 'time-bcd48']);
/** Whether values of a type are times, in ms since epoch. */
export const isTimeType = (type: PointType): boolean => timeTypes.has(type);

/** Texts of a fixed number of registers, two bytes a register, ended by the first zero byte or by blanks. */
export const textTypes = ['string-ascii', 'string-utf8', 'string-gbk'] as const;
export type TextType = (typeof textTypes)[number];

export const pointTypes = [...numberTypes, ...textTypes] as const;
export type PointType = NumberType | TextType;

const textTypeNames: ReadonlySet<PointType> = new Set<PointType>(textTypes);
export const isTextType = (type: PointType): type is TextType => textTypeNames.has(type);

/** Byte order as seen on the wire; `abcd` is big-endian. 16-bit types use `abcd` or `badc`. */
export const wordOrders = ['abcd', 'badc', 'cdab', 'dcba', 'abcdefgh', 'badcfehg', 'ghefcdab', 'hgfedcba'] as const;
export type WordOrder = (typeof wordOrders)[number];

/** A point bound to its tag. */
export interface DevicePoint extends PointAddress {
  /** Index in the gateway's tag table. */
  readonly tag: number;
  /** `device/point`. */
  readonly name: string;
  readonly periodMs: number;
  /** Smaller changes of the raw value are of no interest; for drivers whose device can hold them back. */
  readonly deadband?: number;
  /** Whether its table lists it as writable; only then may a command reach it. */
  readonly writable?: boolean;
}

/** The cells of a row that say where its point is, as they stand in the point table. */
export interface WrittenPlace {
  readonly table: PointTable | undefined;
  readonly address: number | undefined;
  readonly order: WordOrder | undefined;
}

/** What whoever wrote a point table should know of one of its points. */
export interface PointProblem {
  /** Index into the device's points. */
  readonly point: number;
  /** Column of the point table that it is about. */
  readonly column: string;
  /** An error where no device can mean what is written; a warning where one might. */
  readonly severity: 'error' | 'warning';
  readonly error: LifelineError;
  /** What to do about it here; the catalogue's next step when left out. */
  readonly fix?: Text | string;
}

/** A point of a register map that comes with the product; what is left out is as an empty cell of a point table. */
export interface ProfilePoint {
  readonly tag: string;
  readonly table: PointTable;
  /** Zero-based address on the wire. */
  readonly address: number;
  readonly bit?: number;
  readonly type: PointType;
  readonly order?: WordOrder;
  readonly scale?: number;
  readonly offset?: number;
  /** UCUM-style code of the engineering value; empty for states and codes. */
  readonly unit: string;
  /** Plausible engineering values. */
  readonly low?: number;
  readonly high?: number;
  readonly periodMs?: number;
  readonly states?: Readonly<Record<string, string>>;
  readonly writable?: boolean;
  readonly description: Text;
}

/** The register map of a common kind of device, as data. */
export interface DeviceProfile {
  /** What a configuration calls it by. */
  readonly profile: string;
  readonly kind: string;
  readonly name: Text;
  /** Where the map was taken from, and what to compare it with. */
  readonly source: string;
  /** Options of the driver that such a device needs; a `devices:` entry may set others. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly points: readonly ProfilePoint[];
}

/** A device as the driver gets it: common fields checked by configuration, `options` by the driver's own schema. */
export interface DeviceDefinition {
  readonly id: string;
  readonly endpoint: string;
  readonly points: readonly DevicePoint[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What is handed to drivers. */
export interface DriverHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Folder for the driver's own state (certificates), inside the gateway's data folder. */
  readonly stateDir: string;
  /**
   * Aborts when the device is no longer wanted, since the gateway stops or goes on without it; absent where nothing comes
   * after one attempt or session. What a driver keeps from one attempt to the next it frees then.
   */
  readonly stopping?: AbortSignal;
  /**
   * A line in memory instead of the one that an endpoint names, where a recording stands in for a device in virtual time;
   * absent where the real one is meant.
   */
  readonly line?: (endpoint: string) => Duplex;
  /**
   * A server in memory instead of the one at an endpoint, for protocols whose stack keeps real time: its values enter the
   * driver where the stack would hand them over. Absent where the real one is meant.
   */
  readonly server?: (endpoint: string) => MemoryServer;
}

/** What is asked of a server in memory. */
export interface WatchedNode {
  readonly node: string;
  readonly periodMs: number;
}

/** A value as a server stamps it; codes as in OPC UA (Part 4, 7.39; Part 6, 5.1.2). */
export interface ServedValue {
  readonly statusCode: number;
  readonly dataType: number;
  readonly value: number | boolean | string | Date;
  /** ms since epoch. */
  readonly sourceTimeMs: number;
}

/** A server without a network: it tells of changes, and of its end. */
export interface MemoryServer {
  /**
   * Tells of every node at once, then of its changes, by place in `nodes`; undefined while the server serves nobody.
   * `lost` is called at most once. The function that it returns ends it.
   */
  watch(
    nodes: readonly WatchedNode[],
    told: (place: number, value: ServedValue) => void,
    lost: () => void,
  ): (() => void) | undefined;
}

/** Points read together on one absolute schedule. */
export interface PollGroup {
  readonly periodMs: number;
  readonly tags: Int32Array;
  /** Requests that one reading takes at present; absent where the driver does not know. */
  readonly requests?: number;
  /**
   * One reading of all points: raw values (before scale and offset), NaN with a bad quality for what could not be read.
   * Rejects with a coded error only when the link itself failed.
   */
  read(): Promise<SampleBatch>;
}

/** How a write ended. `unknown`: the request may have been carried out, but no answer came; reading back decides. */
export type WriteOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly error: LifelineError }
  | { readonly kind: 'unknown'; readonly error: LifelineError };

/** An open link to one device. */
export interface DriverSession {
  /** Empty for drivers that are told of changes instead of asking. */
  readonly polls: readonly PollGroup[];
  /**
   * Writes one raw value, ahead of waiting reads; absent where the driver cannot. `refused` when the device said no or
   * nothing left this machine. Only `edge/control` calls it. Never rejects.
   */
  write?(point: DevicePoint, raw: number): Promise<WriteOutcome>;
  /** Reads one raw value now, ahead of polls; rejects with a coded error when there is none. */
  readBack?(point: DevicePoint): Promise<number>;
  /**
   * Answers what somebody asks who puts the device into service: reads alone, after what the polls wait for, never what the
   * configuration forbids. Absent where the driver cannot, undefined for what it has none of. Rejects with a coded error.
   */
  enquire?(enquiry: Enquiry): Promise<EnquiryAnswer> | undefined;
  /** What is asked of the device and how that went; absent where the driver has nothing to tell. Cheap, no network. */
  diagnostics?(): SessionDiagnostics;
  /** Frees everything; may be called twice. Never rejects. */
  close(): Promise<void>;
}

/** Lasting conditions of a device whose link stands. Each names an alarm of `models/gateway/pack.yaml`. */
export const noticeKinds = [
  'data-gap',
  'clock-off',
  'polled',
  'own-certificate-ends',
  'server-certificate-ends',
  'replay-ended',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Such a condition holds, or is over. Figures are for the text of its alarm. */
export type DeviceNotice =
  | {
      readonly kind: NoticeKind;
      readonly active: true;
      readonly error: LifelineError;
      readonly observed: number;
      readonly limit: number;
      /** UCUM code; empty for counts. */
      readonly unit: string;
    }
  | { readonly kind: NoticeKind; readonly active: false };

/**
 * Hears what goes over the wire of one device, from the first byte of an attempt to connect on. Counts cost next to
 * nothing; frames are made only while somebody wants them.
 */
export interface WireListener {
  /** A request of so many bytes left. */
  sent(bytes: number): void;
  /** An answer of so many bytes came so long after its request; `refused` when it says no. */
  answered(bytes: number, roundTripMs: number, refused: boolean): void;
  /** No answer came in time, or one that fits no request. */
  failed(how: 'timeout' | 'stray'): void;
  /** Whether `frame` is to be called. */
  readonly wantsFrames: boolean;
  /** A message as it left or came, those that fit no request included. */
  frame(frame: WireFrame): void;
}

/** How a session speaks up by itself. */
export interface SessionEvents {
  /** Values that came unasked (subscriptions). */
  batch(batch: SampleBatch): void;
  /**
   * A condition of the device begins, still holds, or ends; absent where nobody listens. What a new session has not
   * repeated within half a minute is taken to be over.
   */
  notice?(notice: DeviceNotice): void;
  /** Who hears the device's wire; absent where nobody does. Devices that share a line each have their own. */
  readonly wire?: WireListener;
  /** The attempt to connect goes on, but waits for something that may take long; may be said again. */
  waiting?(error: LifelineError): void;
  /** The link is gone; the supervisor closes the session and opens a new one after a back-off. Called at most once. */
  lost(error: LifelineError): void;
}

/** A certificate that a protocol keeps, or that a device of it names. */
export interface KeptCertificate {
  /** `own` is shown to peers, `renewed` will follow it; peers are trusted, or rejected where nobody has trusted them (yet). */
  readonly role: 'own' | 'renewed' | 'trusted' | 'rejected';
  /** Device and key that name it, `plc-1: userCertificate`; empty for those kept in the folder of the drivers. */
  readonly where: string;
  readonly pem: string;
}

/** The certificates of a protocol. */
export interface CertificateStore {
  list(stateDir: string, devices: readonly DeviceDefinition[]): Promise<readonly KeptCertificate[]>;
  /** Trusts a peer, or does so no longer, by SHA-1 fingerprint; rejects with a coded error where it has none of that. */
  judge(stateDir: string, clock: Clock, fingerprint: string, verdict: 'trust' | 'reject'): Promise<void>;
}

/** One protocol. Adding one takes a folder and a line in `registry.ts`. */
export interface Driver {
  readonly name: string;
  /** Schema of the driver's own keys of a `devices:` entry, beside the common ones; feeds validation and documentation. */
  readonly options: z.ZodObject;
  /** Columns that every row of a point table fills for such a device, once `locate` has read it; none when left out. */
  readonly needs?: readonly ('table' | 'address' | 'node')[];
  /** Register maps of common devices, by name; absent where the protocol has none. */
  readonly profiles?: ReadonlyMap<string, DeviceProfile>;
  /** Absent where the protocol has no certificates. */
  readonly certificates?: CertificateStore;
  /**
   * Reads the address of a row by the device's options: table and address as on the wire, the order with the device's
   * default; or why it is none. Absent where points have no such addresses.
   */
  locate?(written: WrittenPlace, options: DeviceDefinition['options']): WrittenPlace | LifelineError;
  /** Everything that is wrong or doubtful with the points, without touching the network. */
  examine?(device: DeviceDefinition): readonly PointProblem[];
  /** Throws coded configuration errors, without touching the network. */
  validate(device: DeviceDefinition): void;
  /** Connects and identifies; rejects with a coded error that names endpoint and next step. `signal` aborts the attempt. */
  open(device: DeviceDefinition, events: SessionEvents, host: DriverHost, signal: AbortSignal): Promise<DriverSession>;
}
