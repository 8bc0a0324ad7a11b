import type { Alarm, Priority, Shelving } from '../core/alarm.ts';
import type { AlarmPerformance } from '../core/alarm-performance.ts';
import type { Asset } from '../core/asset.ts';
import type { Actor, Command, CommandResult, CommandRights } from '../core/command.ts';
import type { ConfigurationProblem } from '../core/configuration-problem.ts';
import type { DeviceDiagnostics, WireFrame } from '../core/diagnostics.ts';
import type { Enquiry, EnquiryAnswer } from '../core/enquiry.ts';
import type { Problem } from '../core/errors.ts';
import type { EventType } from '../core/event.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { MaintenanceTag } from '../core/maintenance.ts';
import type { ManualValue } from '../core/manual-value.ts';
import type { PackFigure, PackLimit, PackRole } from '../core/pack.ts';
import type { PackPicture } from '../core/picture.ts';
import type { DeviceStatus } from '../core/status.ts';
import type { TagDefinition } from '../core/tag.ts';
import type { Text } from '../core/text.ts';
import type { Judgement, VerdictReport } from '../core/verdict.ts';
import type { HistoryPage, HistoryWish } from './alarm-history-api.ts';
import type { ConsoleDetection } from './detection-api.ts';
import type { ConsoleIncidents } from './incident-api.ts';
import type { SystemView } from './wire.ts';

/** What the packs say of one kind of asset, as far as a page needs it. */
export interface ConsoleKind {
  readonly name: Text;
  readonly roles: Readonly<Record<string, Pick<PackRole, 'name' | 'unit'>>>;
  readonly limits: readonly (Pick<
    PackLimit,
    'kind' | 'role' | 'above' | 'below' | 'equals' | 'plus' | 'count' | 'when'
  > &
    Partial<Pick<PackLimit, 'source'>>)[];
  readonly picture?: PackPicture | undefined;
}

/** What changes only with the configuration. */
export interface ConsoleDescription {
  readonly gateway: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly startedAt: number;
    /** When the configuration came into force, ms since epoch; another time tells pages to take this anew. */
    readonly configuredAt: number;
  };
  /** In the order in which they are shown. */
  readonly utilities: readonly { readonly id: string; readonly name: Text; readonly figures: readonly PackFigure[] }[];
  /** Keyed by asset type, `water.district`. */
  readonly kinds: Readonly<Record<string, ConsoleKind>>;
  readonly assets: readonly Asset[];
  /** Index = tag index of the live table. */
  readonly tags: readonly Pick<
    TagDefinition,
    'name' | 'device' | 'unit' | 'low' | 'high' | 'states' | 'shows' | 'description' | 'periodMs'
  >[];
  /** Left out where nobody may write over the console. */
  readonly writes?: CommandRights;
}

/** One line of the story that the overview tells. */
export interface StoryLine {
  /** ms since epoch. */
  readonly time: number;
  readonly kind: EventType;
  /** Asset, device or gateway that it is about. */
  readonly subject: string;
  readonly text: Text;
}

/** The part of a sink's status that is shown. Counts are since start; what a kind of sink has none of is left out. */
export interface ConsoleSink {
  readonly id: string;
  readonly sink: string;
  readonly endpoint: string;
  readonly state: string;
  readonly lastError: string;
  /** The same in both languages; left out when none. */
  readonly problem?: Problem;
  /** Events confirmed by the far end, those of the journal that are not yet, and the age of the oldest of these. */
  readonly forwarded: number;
  readonly pending: number;
  readonly oldestPendingMs: number;
  /** Events sent whose receipt has not come. */
  readonly unconfirmed?: number;
  /** Events that the far end refused for good. */
  readonly refused?: number;
  /** Events that wait for a person. */
  readonly deadLetters?: number;
  /** Values sent as they came, sent later from history, held back then by the deadband, and given up. */
  readonly sent?: number;
  readonly backfilled?: number;
  readonly thinned?: number;
  readonly dropped?: number;
  /** About how many values are still to be sent. */
  readonly owed?: number;
  /** Age of the oldest value that is still to be sent. */
  readonly backlogMs?: number;
}

/** An event that the far end of a sink does not take. */
export interface ConsoleDeadLetter {
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

/** What can be done with the dead letters of one sink; who did it is journaled. */
export interface ConsoleDeadLetters {
  /** The oldest first. */
  list(): readonly ConsoleDeadLetter[];
  /** Sends those again, or all; resolves with how many. One that is not taken stays. */
  resend(ids: readonly string[] | undefined, by: string): Promise<number>;
  /** Lets those go for good; resolves with how many there were. */
  discard(ids: readonly string[], by: string): Promise<number>;
}

/** A request that the far end of a sink posted, as it came; an empty text where a header is missing. */
export interface ConsolePosted {
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Uint8Array;
}

/** What became of such a request; nothing is carried out twice. */
export interface ConsoleReceipt {
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  /** Coded text of a refusal, else empty. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** The first mistakes of a configuration that was offered. */
  readonly problems?: readonly ConfigurationProblem[];
}

/** A stretch of one tag's history, oldest first; columns of equal length. */
export interface ConsoleSeries {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
}

/** An alarm with what its pack says of its kind. */
export interface ConsoleAlarm {
  readonly alarm: Alarm;
  /** What comes of it when nobody acts; undefined where the pack does not say. */
  readonly consequence: Text | undefined;
  /** In how many minutes somebody must have acted. */
  readonly respondWithinMin: number;
}

/** One time that an alarm stood. */
export interface ConsoleAlarmTime {
  readonly asset: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly message: Text;
  /** ms since epoch. */
  readonly raisedAt: number;
  /** Undefined while the condition stands. */
  readonly clearedAt?: number | undefined;
}

/** What an acknowledgement, a reset or the end of a shelving came to: done now, no such alarm, or nothing left to do. */
export type AcknowledgeResult = 'done' | 'unknown' | 'already';

/** How an alarm is to be put aside. */
export interface ShelvingWish extends Pick<Shelving, 'by' | 'reason' | 'once'> {
  readonly forMs: number;
}

/** What a verdict came to: kept, no such alarm, or not the one that is meant, for it was raised again since. */
export type JudgeResult = 'done' | 'unknown' | 'raised-again';

/** One device under the magnifying glass. */
export interface ConsoleInspection extends DeviceDiagnostics {
  readonly status: DeviceStatus;
  /** The last frames since somebody began to look at the device, oldest first; empty for protocols that show none. */
  readonly frames: readonly WireFrame[];
}

export type ConsoleChange = 'alarms' | 'devices' | 'events' | 'description';

/** More alarms at once than a person can take in: since when (ms since epoch), and how many so far. */
export interface ConsoleFlood {
  readonly since: number;
  readonly alarms: number;
}

/** How a maintenance tag is to hang. */
export interface MaintenanceWish extends Pick<MaintenanceTag, 'by' | 'reason'> {
  readonly forMs: number;
}

/** How a value is to be set by hand. */
export interface ManualWish extends Pick<ManualValue, 'tag' | 'value' | 'by' | 'reason' | 'simulated'> {
  readonly forMs: number;
}

/** Values set by hand; each resolves once it is on disk. */
export interface ManualActs {
  current(): readonly ManualValue[];
  /** Rejects with a coded error where that may not be. */
  set(wish: ManualWish): Promise<void>;
  /** False where none is set. */
  end(tag: string, by: string): Promise<boolean>;
}

/** The way to the outputs of devices. */
export interface ConsoleCommands {
  /** Carries a command out or says why not; on disk when it resolves. Never rejects for the command's own faults. */
  submit(command: Command, actor: Actor): Promise<CommandResult>;
}

/** What people do with alarms; each resolves once it is on disk. */
export interface AlarmActs {
  acknowledge(alarmId: string, by: string, note?: string): Promise<AcknowledgeResult>;
  /** Lets an alarm go that has latched. */
  reset(alarmId: string, by: string): Promise<AcknowledgeResult>;
  /** Puts an alarm aside; rejects with a coded error where that may not be. */
  shelve(alarmId: string, wish: ShelvingWish): Promise<'done' | 'unknown'>;
  unshelve(alarmId: string, by: string): Promise<AcknowledgeResult>;
  /** False where there is no such alarm. */
  comment(alarmId: string, text: string, by: string): Promise<boolean>;
  /** Hangs a maintenance tag on an asset or a device; false where there is none, rejects with a coded error where that may not be. */
  hangTag(subject: string, wish: MaintenanceWish): Promise<boolean>;
  /** False where none hangs. */
  takeTagOff(subject: string, by: string): Promise<boolean>;
  /** A person's verdict on an alarm, as it was raised last or, where that is given, at `raisedAt`. */
  judge(alarmId: string, given: Omit<Judgement, 'at'>, raisedAt?: number): Promise<JudgeResult>;
}

/** What machines ask of a gateway. */
export interface ConsoleHealth {
  /** What it waits for before it does its work; empty when it does. */
  waits(): readonly string[];
  /** Figures of the gateway itself as text, and the type of that. */
  metrics(): string;
  /** Some of them for people. */
  system(): Omit<SystemView, 'version' | 'startedAt'>;
  readonly metricsType: string;
}

/** Everything that the console knows of a gateway. Reads are cheap and synchronous; only history, acknowledgement and verdict wait. */
export interface ConsoleSource {
  readonly description: ConsoleDescription;
  readonly live: LiveTable;
  /** Alarms whose state is not normal, those out of view included, in any order. */
  alarms(): readonly Alarm[];
  /**
   * One alarm, whatever became of it; of one that is over for so long that only the journal has it, as the event of that
   * sequence tells. Undefined where there is none.
   */
  alarm(id: string, event: number): Promise<ConsoleAlarm | undefined>;
  flood(): ConsoleFlood | undefined;
  maintenance(): readonly MaintenanceTag[];
  /** The alarms that were raised last, whatever became of them, newest first. */
  recentAlarms(most: number): readonly Alarm[];
  /** When alarms of the assets stood in [fromMs, toMs], the newest first, at most `most`. */
  alarmTimes(assets: ReadonlySet<string>, fromMs: number, toMs: number, most: number): readonly ConsoleAlarmTime[];
  /** The last events, newest first; at most some hundred. */
  recentEvents(): readonly StoryLine[];
  devices(): readonly DeviceStatus[];
  /** Everything about one device, undefined when there is none of that id; has its frames kept for the next minute. */
  inspect(device: string): ConsoleInspection | undefined;
  /** Asks a device something while it is polled; only reads. Rejects with a coded error where there is no answer. */
  ask(device: string, enquiry: Enquiry): Promise<EnquiryAnswer>;
  sinks(): readonly ConsoleSink[];
  /** Undefined for a sink that there is not, or that keeps none. */
  deadLetters(sink: string): ConsoleDeadLetters | undefined;
  /** Takes what the far end of a sink posts; undefined for a sink that there is not, or that takes nothing. */
  callBack(sink: string, posted: ConsolePosted): Promise<ConsoleReceipt> | undefined;
  /** Samples of a tag (`device/point`) in [fromMs, toMs], thinned to at most `maxPoints`. */
  history(tag: string, fromMs: number, toMs: number, maxPoints: number): Promise<ConsoleSeries>;
  readonly acts: AlarmActs;
  readonly incidents: ConsoleIncidents;
  readonly manual: ManualActs;
  readonly commands: ConsoleCommands;
  /** What the journal has of the past, newest first; each answer looks at a bounded part of it. */
  pastAlarms(wish: HistoryWish): Promise<HistoryPage>;
  /** How the alarm system did over the time before now, ms. */
  performance(lastMs: number): Promise<AlarmPerformance>;
  /** What people think of the alarms of each detector. */
  verdicts(): VerdictReport;
  readonly detection: ConsoleDetection;
  readonly health: ConsoleHealth;
  /** Called after each change; returns the unsubscriber. */
  onChange(listener: (what: ConsoleChange) => void): () => void;
}
