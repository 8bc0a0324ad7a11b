import type { Finding } from './finding.ts';
import type { CaseStage } from './order.ts';
import type { Text } from './text.ts';
import type { Judgement } from './verdict.ts';

export type Priority = 'critical' | 'high' | 'medium' | 'low';
/** I red, II orange, III yellow, IV blue (four-level scheme of 安委办函〔2021〕45号). */
export type RiskLevel = 'I' | 'II' | 'III' | 'IV';

/**
 * States of IEC 62682 / ISA-18.2: A normal, B active unacknowledged, C active acknowledged, D returned to normal
 * unacknowledged, E and F latched (returned, until somebody resets it), G shelved, H suppressed by design, I out of service.
 */
export const alarmStates = [
  ...(['normal', 'active-unacknowledged', 'active-acknowledged', 'returned-unacknowledged'] as const),
  ...(['latched-unacknowledged', 'latched-acknowledged', 'shelved', 'suppressed', 'out-of-service'] as const),
] as const;
export type AlarmState = (typeof alarmStates)[number];

/** Whether the condition stands, as far as people are told: not while it is out of view. */
export const isActive = (state: AlarmState): boolean => state.startsWith('active');
/** Whether somebody still has to acknowledge it. */
export const isUnacknowledged = (state: AlarmState): boolean => state.endsWith('unacknowledged');

/** So many activations within this time are chattering (IEC 62682, EEMUA 191: three or more in one minute). */
export const chatterActivations = 3;
export const chatterMs = 60_000;

export const isChattering = ({ activatedAt }: Pick<Alarm, 'activatedAt'>, nowMs: number): boolean =>
  activatedAt.length === chatterActivations && nowMs - (activatedAt[0] as number) <= chatterMs;

/**
 * What keeps an alarm out of the list of what people must act on: a person for a while, the design, maintenance. Where
 * several do, the last of them here is its state.
 */
export const hidings = ['shelved', 'suppressed', 'out-of-service'] as const satisfies readonly AlarmState[];
export type Hiding = (typeof hidings)[number];
export const isHidden = (state: string): state is Hiding => (hidings as readonly string[]).includes(state);

/** An alarm put aside by a person for a while. */
export interface Shelving {
  readonly by: string;
  readonly reason: string;
  /** ms since epoch: since when, and until when at the latest. */
  readonly at: number;
  readonly until: number;
  /** Over as soon as its condition is (one-shot). */
  readonly once: boolean;
}

/** Where the centre's case about an alarm stands. */
export interface AlarmCase {
  /** Number of the case in the city's management platform. */
  readonly number: string;
  readonly stage: CaseStage;
  /** Responsible unit; empty where nobody said. */
  readonly unit: string;
  readonly note: string;
  readonly by: string;
  /** ms since epoch. */
  readonly at: number;
}

/** What somebody at the centre had to say of an alarm. */
export interface AlarmComment {
  readonly text: string;
  readonly by: string;
  /** ms since epoch. */
  readonly at: number;
}

/** What a person must act on. */
export interface Alarm {
  /** `<asset>/<kind>`, stable over the alarm's whole life. */
  readonly id: string;
  readonly asset: string;
  readonly kind: string;
  readonly utility: string;
  readonly state: AlarmState;
  readonly priority: Priority;
  readonly riskLevel: RiskLevel;
  /** Gas, smoke, oxygen, flood: never hidden by anything. */
  readonly safety: boolean;
  /** Class of part or event by which a city's management platform files it (GB/T 30428.2). */
  readonly eventClass?: string | undefined;
  readonly message: Text;
  readonly cause: Text;
  readonly response: Text;
  /** First evidence's value and limit, for lists. */
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly finding: Finding;
  readonly raisedAt: number;
  /** When people were told last that its condition stands, ms since epoch; undefined where it came out of view. */
  readonly announcedAt: number | undefined;
  readonly acknowledgedAt: number | undefined;
  readonly acknowledgedBy: string | undefined;
  readonly clearedAt: number | undefined;
  /** How often its condition has come since the alarm was normal, and when it did so last, ms since epoch, oldest first. */
  readonly activations: number;
  readonly activatedAt: readonly number[];
  /** How many activations in a row, the last one included, were over within seconds; left out where it was not. */
  readonly fleeting?: number | undefined;
  /** When it was told that nobody had acknowledged it in the time to respond, ms since epoch. */
  readonly escalatedAt?: number | undefined;
  readonly shelving?: Shelving | undefined;
  /** What suppresses it or has taken it out of service: an alarm's id, a state, a maintenance tag. */
  readonly hiddenBy?: string | undefined;
  /** What a person said of it since it was raised. */
  readonly judgement: Judgement | undefined;
  readonly cityCase?: AlarmCase | undefined;
  /** The last ones since it was raised, oldest first. */
  readonly comments?: readonly AlarmComment[] | undefined;
}
