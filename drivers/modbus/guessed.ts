import type { RegisterReading } from '../../edge/core/enquiry.ts';
import type { PointType, WordOrder } from '../api.ts';

/** One way to read a span of registers; its scale is below 1 only where a scaled integer makes sense. */
export interface Guess extends RegisterReading {
  readonly type: PointType;
  readonly order: WordOrder;
}
