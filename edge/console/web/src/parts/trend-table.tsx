import { unitSign } from '../../../../core/unit-sign.ts';
import type { Course } from '../course.ts';
import { placeOf, summary } from '../course.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import { readingOf, valueText } from '../reading.ts';
import type { TrendLine } from '../trend-lines.ts';
import { Age, Amount, QualityMark } from './value.tsx';

interface TrendTableProps {
  readonly lines: readonly TrendLine[];
  /** Times looked at and compared with, s since epoch. */
  readonly looked: number | undefined;
  readonly marked: number | undefined;
  readonly onRemove: (tag: string) => void;
}

/** The value that holds at a time (s since epoch), `null` in a gap; undefined before the first sample. */
const valueAt = (course: Course, time: number | undefined): number | null | undefined =>
  time === undefined ? undefined : course.values[placeOf(course.times, time)];

/** A value of a line with its unit, in words. */
export function amountText({ tag }: Pick<TrendLine, 'tag'>, value: number | null | undefined): string {
  if (value === undefined) return '—';
  return value === null ? t('gap') : `${valueText(tag, value)} ${unitSign(tag.unit)}`.trimEnd();
}

/** What is at a time (s since epoch), in words: the time, then each value, by name where there are several. */
export function spokenAt(lines: readonly TrendLine[], time: number | undefined): string {
  if (time === undefined) return '';
  const values = lines.map((line) => {
    const text = amountText(line, valueAt(line.course, time));
    return lines.length > 1 ? `${line.place} ${line.name} ${text}` : text;
  });
  return [momentText(time * 1000, gatewayNow()), ...values].join(', ');
}

/** Every line with its values at the cursor and the mark, of the whole span, and now. */
export function TrendTable({ lines, looked, marked, onRemove }: TrendTableProps) {
  const weekBefore = lines.some(({ past }) => past);
  const now = gatewayNow();
  // what comes and goes with the pointer would move the chart under it
  const head = (text: string, time?: number) => (
    <th scope="col" class="numeric">
      {text}
      <span class="asset-id">{time === undefined ? '\u00a0' : momentText(time * 1000, now)}</span>
    </th>
  );
  return (
    <table class="table trend-table" aria-label={t('valuesShown')}>
      <thead>
        <tr>
          <th scope="col">{t('point')}</th>
          {head(t('latest'))}
          {head(t('atCursor'), looked)}
          {marked !== undefined && head(t('atMark'), marked)}
          {marked !== undefined && head(t('difference'))}
          {weekBefore && head(t('aWeekBefore'))}
          {head(t('minimum'))}
          {head(t('mean'))}
          {head(t('maximum'))}
          <th scope="col">
            <span class="hidden">{t('removePoint')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Row
            key={line.tag.name}
            line={line}
            looked={looked}
            marked={marked}
            weekBefore={weekBefore}
            several={lines.length > 1}
            remove={onRemove}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly line: TrendLine;
  readonly looked: number | undefined;
  readonly marked: number | undefined;
  readonly weekBefore: boolean;
  readonly several: boolean;
  readonly remove: (tag: string) => void;
}

function Row({ line, looked, marked, weekBefore, several, remove }: RowProps) {
  const { tag, course, past, name, place } = line;
  const reading = readingOf(line.index, tag);
  const at = valueAt(course, looked);
  const before = valueAt(course, marked);
  const whole = tag.states || tag.shows ? undefined : summary(course);
  const cell = (value: number | null | undefined) => <td class="numeric">{amountText(line, value)}</td>;
  const difference = typeof at === 'number' && typeof before === 'number' && !tag.states ? at - before : undefined;
  return (
    <tr>
      <th scope="row">
        <span class="trend-point">
          {several && <strong>{line.style.letter}</strong>}
          <LineSample line={line} />
          <span>
            {name}
            <span class="asset-id">
              {place} · {tag.name}
            </span>
          </span>
        </span>
      </th>
      <td class="numeric">
        <Amount reading={reading} /> <QualityMark reading={reading} /> <Age reading={reading} />
      </td>
      {cell(at)}
      {marked !== undefined && cell(before)}
      {marked !== undefined && cell(difference)}
      {weekBefore && cell(past && valueAt(past, looked))}
      {cell(whole?.low)}
      {cell(whole?.mean)}
      {cell(whole?.high)}
      <td>
        <button
          type="button"
          class="button"
          aria-label={`${t('removePoint')}: ${place} ${name}`}
          onClick={() => remove(tag.name)}
        >
          ✕
        </button>
      </td>
    </tr>
  );
}

/** How the line is drawn. */
function LineSample({ line: { style } }: { line: TrendLine }) {
  return (
    <svg class={`line-sample line-${style.shade}`} width="28" height="10" viewBox="0 0 28 10" aria-hidden="true">
      <path d="M0 5h28" stroke-dasharray={style.dash.join(' ')} />
    </svg>
  );
}
