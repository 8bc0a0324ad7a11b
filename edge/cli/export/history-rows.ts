import type { HeaderLanguage, OutputCells } from '../../config/table-output.ts';
import { qualityName } from '../../core/quality.ts';
import type { Series } from '../../store/api.ts';
import type { Rollup } from '../../store/rollup.ts';

const heads = {
  raw: {
    en: ['time', 'tag', 'unit', 'value', 'quality'],
    zh: ['时间', '点', '单位', '值', '质量'],
  },
  rolledUp: {
    en: ['time', 'tag', 'unit', 'min', 'max', 'mean', 'last', 'good ratio', 'samples', 'quality'],
    zh: ['时间', '点', '单位', '最小', '最大', '平均', '末值', '良好率', '样本数', '质量'],
  },
};

/** The header of exported history. */
export const historyHead = (raw: boolean, language: HeaderLanguage): readonly string[] =>
  heads[raw ? 'raw' : 'rolledUp'][language];

/** What a row says of whom it is about. */
export interface RowSubject {
  readonly tag: string;
  readonly unit: string;
  readonly clockOf: (timeMs: number) => string;
}

/** Samples as rows; one without a value has an empty cell. */
export const sampleRows = ({ times, values, quality }: Series, { tag, unit, clockOf }: RowSubject): OutputCells =>
  Array.from(times, (time, row) => [
    ...[clockOf(time), tag, unit, cell(values[row])],
    qualityName(quality[row] as number),
  ]);

/** Rows of a roll-up, timed at their begin. */
export const rollupRows = (rollup: Rollup, { tag, unit, clockOf }: RowSubject): OutputCells =>
  Array.from(rollup.times, (time, row) => [
    ...[clockOf(time), tag, unit, cell(rollup.min[row]), cell(rollup.max[row]), cell(rollup.mean[row])],
    ...[cell(rollup.last[row]), goodRatio(rollup, row), rollup.total[row] as number],
    qualityName(rollup.quality[row] as number),
  ]);

const cell = (value: number | undefined): number | string =>
  value === undefined || !Number.isFinite(value) ? '' : value;

const goodRatio = ({ good, total }: Rollup, row: number): number =>
  Math.round(((good[row] as number) / (total[row] as number)) * 1e4) / 1e4;
