import { isBad, isGood, Quality } from '../../core/quality.ts';

/** Severity and reason of a quality as status codes (Part 4, 7.39; Part 8, 6.4), by name. */
const named: ReadonlyMap<number, StatusName> = new Map([
  [Quality.substituted, 'UncertainSubstituteValue'],
  [Quality.outOfRange, 'UncertainEngineeringUnitsExceeded'],
  [Quality.stuck, 'UncertainSensorNotAccurate'],
  [Quality.spike, 'UncertainSensorNotAccurate'],
  [Quality.stale, 'BadNoCommunication'],
  [Quality.comm, 'BadCommunicationError'],
  [Quality.device, 'BadDeviceFailure'],
  [Quality.overRange, 'BadSensorFailure'],
  [Quality.underRange, 'BadSensorFailure'],
  [Quality.config, 'BadConfigurationError'],
  [Quality.notConnected, 'BadWaitingForInitialData'],
]);

export type StatusName =
  | 'Good'
  | 'Uncertain'
  | 'UncertainSubstituteValue'
  | 'UncertainEngineeringUnitsExceeded'
  | 'UncertainSensorNotAccurate'
  | 'Bad'
  | 'BadNoCommunication'
  | 'BadCommunicationError'
  | 'BadDeviceFailure'
  | 'BadSensorFailure'
  | 'BadConfigurationError'
  | 'BadWaitingForInitialData';

/** The status code that says most of what a quality says. */
export function statusName(quality: number): StatusName {
  return named.get(quality) ?? (isGood(quality) ? 'Good' : isBad(quality) ? 'Bad' : 'Uncertain');
}
