import type { Alarm } from '../core/alarm.ts';
import type { ChainedEntry } from '../core/audit.ts';
import type { CertificateAge, CertificateSpan } from '../core/certificate-age.ts';
import type { CommandResult } from '../core/command.ts';
import type { DeviceDiagnostics, WireFrame } from '../core/diagnostics.ts';
import type { Problem } from '../core/errors.ts';
import type { MaintenanceTag } from '../core/maintenance.ts';
import type { ManualValue } from '../core/manual-value.ts';
import type { DeviceStatus } from '../core/status.ts';
import type { Text } from '../core/text.ts';
import type { VerdictReport } from '../core/verdict.ts';
import type { AlarmTallies } from './alarm-wire.ts';
import type {
  ConsoleAlarmTime,
  ConsoleDeadLetter,
  ConsoleDescription,
  ConsoleFlood,
  ConsoleSink,
  StoryLine,
} from './api.ts';
import type { KnownCertificate } from './certificate-api.ts';
import type {
  ConfigurationOutcome,
  ConfigurationProblem,
  ConfigurationVersionView,
  ConfigurationView,
} from './configuration-api.ts';
import type { ServerOffer } from './first-start-api.ts';
import type { Caller, ConsoleRole, TokenScope } from './grants.ts';
import type { OfferView } from './offers-api.ts';

/**
 * The shapes between server and page. JSON has neither NaN nor Infinity: both arrive as `null`, and `JSON.stringify`
 * does so by itself, hence the types here differ from the source's only in saying it.
 */
export type Wire<T> = T extends number
  ? number | null
  : T extends string | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: Wire<T[K]> };

/** `GET /api/model`. */
export type ModelView = Wire<ConsoleDescription>;
export type AlarmView = Wire<Alarm>;
export type DeviceView = DeviceStatus;
export type SinkView = ConsoleSink;
export type StoryView = StoryLine;

/**
 * `GET /api/alarms`: what people must act on, and beside it what is shelved, suppressed or out of service. The most urgent
 * first, at most 500 of each, on the live feed 200; totals and tallies count all.
 */
export interface AlarmsView {
  readonly total: number;
  readonly alarms: readonly AlarmView[];
  readonly hiddenTotal: number;
  readonly hidden: readonly AlarmView[];
  readonly tallies: AlarmTallies;
  readonly flood: ConsoleFlood | null;
  /** Who works where, and what is set by hand. */
  readonly maintenance: readonly MaintenanceTag[];
  readonly manual: readonly ManualValue[];
}

/** `GET /api/verdicts`: what people think of each detector, and the last alarms, those that are over included. */
export interface VerdictsView extends VerdictReport {
  readonly recent: readonly AlarmView[];
}

/** `GET /api/devices`. */
export interface DevicesView {
  readonly devices: readonly DeviceView[];
  readonly sinks: readonly SinkView[];
}

/** `GET /api/dead-letters`: what the far end of one sink does not take, the oldest first. */
export interface DeadLettersView {
  readonly letters: readonly ConsoleDeadLetter[];
}

/** A certificate as people compare it. */
export interface CertificateView extends Omit<KnownCertificate, 'pem'>, CertificateSpan, CertificateAge {
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that it is for; empty where it says none. */
  readonly names: string;
  /** SHA-256, as browsers show it, and SHA-1, as OPC UA names certificates. */
  readonly fingerprint: string;
  readonly thumbprint: string;
}

/** `GET /api/certificates`. */
export interface CertificatesView {
  readonly certificates: readonly CertificateView[];
  /** Whether the console may be given another certificate here. */
  readonly replaceable: boolean;
  /** Whether somebody brought the one that is shown, and the self-signed one may be shown again. */
  readonly restorable: boolean;
}

/** `GET /api/device`: one device, its wire, what is asked of it, and its last frames, oldest first. */
export interface InspectionView extends DeviceDiagnostics {
  readonly status: DeviceView;
  readonly frames: readonly FrameView[];
}

/** A frame with its bytes in hexadecimal digits and what it says. */
export interface FrameView extends Pick<WireFrame, 'at' | 'direction' | 'roundTripMs'> {
  readonly hex: string;
  readonly text: Text;
}

/** `POST /api/command`: how it ended, where it was not refused. */
export interface CommandView extends Pick<CommandResult, 'outcome' | 'readBack' | 'problem'> {
  /** What stood before it, engineering units; null where nothing good was known. */
  readonly before: number | null;
  /** When it ended, ms since epoch. */
  readonly at: number;
}

/** `GET /api/truth`. */
export interface TruthView {
  /** As `lifeline sim --truth` writes them; null where the gateway was not told what a city says of itself. */
  readonly lines: string | null;
}

/** `GET /api/alarm-times`: when alarms of some assets stood, the newest first. */
export interface AlarmTimesView {
  readonly times: readonly ConsoleAlarmTime[];
}

/** `GET /api/history`: columns, oldest first; `null` where the sample was bad. */
export interface HistoryView {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly quality: readonly number[];
}

/**
 * Text messages of the live feed; values travel as binary frames (`live-frame.ts`). A text comes before the frame with the
 * value that stands for it; whether it still holds is told by the quality.
 */
export type LiveMessage =
  | { readonly type: 'hello'; readonly gateway: string; readonly configuredAt: number }
  | ({ readonly type: 'alarms' } & AlarmsView)
  | ({ readonly type: 'devices' } & DevicesView)
  | { readonly type: 'texts'; readonly texts: readonly (readonly [tag: number, text: string])[] }
  | { readonly type: 'events'; readonly events: readonly StoryView[] };

/** `GET /api/session`: who asks. */
export interface SessionView {
  readonly caller: Caller;
  /** Whether there is an account yet that may make others. */
  readonly hasOwner: boolean;
  /** Whether the gateway still waits for its first configuration. */
  readonly firstStart?: true;
}

/** An account as owners see it. */
export interface AccountView {
  readonly name: string;
  readonly role: ConsoleRole;
  /** When its password was set, ms since epoch. */
  readonly changedAt: number;
}

/** A token as it is listed: never what it is known by. */
export interface TokenView {
  readonly name: string;
  readonly scope: TokenScope;
  readonly madeBy: string;
  /** ms since epoch. */
  readonly madeAt: number;
  readonly expiresAt: number;
}

/** `GET /api/accounts`. */
export interface AccountsView {
  readonly accounts: readonly AccountView[];
  readonly tokens: readonly TokenView[];
}

/** `POST /api/token-add`: the token, which is never shown again. */
export interface TokenMadeView {
  readonly token: string;
}

/** `GET /api/audit`: newest first. */
export interface AuditView {
  readonly entries: readonly ChainedEntry[];
}

/** `GET /api/configuration-offers`. */
export interface OffersView {
  readonly offers: readonly OfferView[];
}

/** `GET /api/configuration-versions`. */
export interface ConfigurationVersionsView {
  readonly versions: readonly ConfigurationVersionView[];
}

/** A change of the configuration that somebody else's came before. */
export type ConfigurationConflictView = Problem & Extract<ConfigurationOutcome, { result: 'conflict' }>;

/** `GET /api/system`: how the gateway itself does. */
export interface SystemView {
  readonly version: string;
  /** What it runs on. */
  readonly runtime: string;
  /** ms since epoch. */
  readonly startedAt: number;
  readonly memoryBytes: number;
  /** Since the process began. */
  readonly cpuS: number;
  /** Of the data folder; left out where nobody looks at it. */
  readonly disk?: { readonly freeBytes: number; readonly keepFreeBytes: number };
  readonly lostEvents: number;
  /** Records of the journal and pieces of the history. */
  readonly damagedRecords: number;
  readonly waitingEvents: number;
}

/** `GET /api/first-start`. */
export interface FirstStartView extends Pick<ConfigurationView, 'columns'> {
  readonly networks: readonly string[];
}

/** `POST /api/first-start-offers`. */
export interface ServerOffersView {
  readonly offers: readonly ServerOffer[];
}

/** `POST /api/first-start`: what is wrong with the configuration; nothing when it was written. */
export interface FirstStartOutcomeView {
  readonly errors: readonly ConfigurationProblem[];
}
