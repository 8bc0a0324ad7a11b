import type { Finding } from './finding.ts';
import type { CaseStage } from './order.ts';
import type { Text } from './text.ts';
import type { Judgement } from './verdict.ts';

export type Priority = 'critical' | 'high' | 'medium' | 'low';
/** I red, II orange, III yellow, IV blue (four-level scheme of 安委办函〔2021〕45号). */
export type RiskLevel = 'I' | 'II' | 'III' | 'IV';

/**
 * States of IEC 62682 / ISA-18.2 that this version reaches: A normal, B active unacknowledged, C active acknowledged,
 * D returned to normal unacknowledged.
 */
export type AlarmState = 'normal' | 'active-unacknowledged' | 'active-acknowledged' | 'returned-unacknowledged';

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
  readonly acknowledgedAt: number | undefined;
  readonly acknowledgedBy: string | undefined;
  readonly clearedAt: number | undefined;
  /** What a person said of it since it was raised. */
  readonly judgement: Judgement | undefined;
  readonly cityCase?: AlarmCase | undefined;
  /** The last ones since it was raised, oldest first. */
  readonly comments?: readonly AlarmComment[] | undefined;
}
