import type { SiteLimit } from '../core/asset.ts';
import type { PackAlarm } from '../core/pack.ts';
import type { Text } from '../core/text.ts';

/** What a review meeting says of an alarm, where it is not as its pack has it. */
export interface AlarmCorrection
  extends Partial<
    Pick<PackAlarm, 'priority' | 'riskLevel' | 'respondWithinMin' | 'reAlarmMin' | 'latching' | 'suppressedBy'>
  > {
  readonly cause?: Partial<Text>;
  readonly consequence?: Partial<Text>;
  readonly response?: Partial<Text>;
  /** Figures and delays of its limits, in the units of their roles. */
  readonly limit?: SiteLimit;
}

/** The alarm with its correction. */
export function corrected(alarm: PackAlarm, correction: AlarmCorrection | undefined): PackAlarm {
  if (!correction) return alarm;
  const { cause, consequence, response, limit: _, ...rest } = correction;
  return {
    ...{ ...alarm, ...rest },
    ...{ cause: { ...alarm.cause, ...cause }, response: { ...alarm.response, ...response } },
    ...(consequence ? { consequence: { zh: '', en: '', ...alarm.consequence, ...consequence } } : {}),
  };
}
