import type { PackAlarm } from '../core/pack.ts';
import type { Text } from '../core/text.ts';
import type { AlarmCorrection } from './alarm-correction.ts';
import type { AlarmSource } from './alarm-subjects.ts';

/** One alarm of the master alarm table. */
export interface MasterAlarm {
  readonly subject: Pick<AlarmSource, 'id' | 'name' | 'type' | 'limits'>;
  readonly kind: string;
  readonly alarm: PackAlarm;
}

export type Read = { readonly value: AlarmCorrection } | { readonly expected: Text };

export interface Column {
  readonly key: string;
  readonly zh: string;
  /** What stands there. */
  of(row: MasterAlarm): string | number;
  /** What a cell that is not empty asks for; left out where a column is only shown. */
  readonly read?: (cell: string) => Read;
}
