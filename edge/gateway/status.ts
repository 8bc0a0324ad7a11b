import type { CalculationStatus } from '../calculation/calculation.ts';
import type { DeviceStatus } from '../core/status.ts';
import type { LearningStatus, RecalibrationProposal } from '../core/watch.ts';
import type { DetectionStatus } from '../detection/index.ts';
import type { StoreFigures } from '../store/api.ts';
import type { SinkStatus } from '../upstream/api.ts';

/** Figures of a gateway since its start. */
export interface GatewayStatus {
  readonly gateway: string;
  readonly startedAt: string;
  readonly consoleUrl: string | null;
  readonly devices: readonly DeviceStatus[];
  /** Values since start: all that were read, and those of them that the deadband held back from sinks. */
  readonly values: { readonly read: number; readonly thinned: number };
  readonly sinks: readonly SinkStatus[];
  readonly alarms: { readonly raised: number; readonly active: number; readonly waiting: number };
  /** Events in the journal since it was begun. */
  readonly journaled: number;
  readonly store: StoreFigures;
  readonly calculated: CalculationStatus;
  readonly detection: DetectionStatus;
  /** How far it has come in learning by itself what is normal. */
  readonly learning: LearningStatus;
  /** Assets for which a new calibration is proposed. */
  readonly recalibration: readonly RecalibrationProposal[];
  readonly memoryMb: { readonly rss: number };
}
