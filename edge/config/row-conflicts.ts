import { type Driver, isTextType, isTimeType } from '../../drivers/api.ts';
import type { Text } from '../core/text.ts';
import { pointErrors } from './errors.ts';
import type { PointRow } from './point-columns.ts';
import { type PlaceOf, type Problem, problemAt } from './problem.ts';
import { scalingProblem } from './scaling.ts';
import type { DeviceEntry } from './spec.ts';
import { tableTexts } from './table-texts.ts';

/** What a time cannot have: it is ms since epoch as it comes. */
const scaled = ['scale', 'offset', 'rawLow', 'rawHigh'] as const;
/** What a text cannot have: the number that stands for it says nothing but that it changed. */
const quantities = [...scaled, 'unit', 'low', 'high', 'deadband', 'states', 'role'] as const;

/** What contradicts itself in a row that is well where it is. */
export function rowConflicts(
  row: PointRow,
  device: DeviceEntry,
  driver: Pick<Driver, 'options' | 'needs'> | undefined,
  place: PlaceOf,
): readonly Problem[] {
  const conflict = (column: string, why: Text) =>
    problemAt(place(column), pointErrors.create('CONFLICT', tableTexts.conflict(row.tag, why)));
  const problems: Problem[] = [];
  const { type } = row;
  const impossible = type === undefined ? [] : isTextType(type) ? quantities : isTimeType(type) ? scaled : [];
  for (const column of impossible) {
    if (row[column] !== undefined) problems.push(conflict(column, tableTexts.typeHasNo(type ?? '', column)));
  }
  const scaling = scalingProblem(row);
  if (scaling && problems.length === 0) problems.push(conflict(scaling.column, scaling.why));
  if (row.unitId !== undefined && driver?.needs && !('unit' in driver.options.shape)) {
    problems.push(conflict('unitId', tableTexts.noUnitIds(device.driver)));
  }
  return problems;
}
