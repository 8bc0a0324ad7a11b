import { figureOfPoint } from '../figures.ts';
import { say, t } from '../language.ts';
import type { Point } from '../model.ts';
import { passedLimit, readingAt } from '../reading.ts';
import { href } from '../routes.ts';
import { traceOf } from '../traces.ts';
import { RangeBar } from './range-bar.tsx';
import { Sparkline } from './sparkline.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

/** Every value of an asset: number and unit, where it stands in its range, quality, age and recent course. */
export function RoleTable({ points }: { points: readonly Point[] }) {
  return (
    <section class="panel" aria-labelledby="points-title">
      <div class="panel-head">
        <h2 id="points-title">{t('points')}</h2>
        <span class="panel-note">{points.length}</span>
      </div>
      <table class="table role-table">
        <thead>
          <tr>
            <th scope="col">{t('quantity')}</th>
            <th scope="col" class="numeric">
              {t('value')}
            </th>
            <th scope="col">{t('range')}</th>
            <th scope="col">{t('recentCourse')}</th>
            <th scope="col">{t('quality')}</th>
            <th scope="col" class="numeric">
              {t('age')}
            </th>
            <th scope="col">{t('tag')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <RoleRow key={point.role} point={point} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RoleRow({ point }: { point: Point }) {
  const { definition, meaning, role } = point;
  const reading = readingAt(point);
  const trace = traceOf(figureOfPoint(point));
  const span = definition.low === null || definition.high === null ? 0 : definition.high - definition.low;
  const to = href('trend', definition.name);
  return (
    <tr class={passedLimit(point, reading) ? 'row-beyond' : undefined}>
      <th scope="row">
        <a href={to}>{meaning ? say(meaning.name) : role}</a>
      </th>
      <td class="numeric">
        <Amount reading={reading} size="large" />
      </td>
      <td>
        <RangeBar point={point} reading={reading} />
      </td>
      <td>
        <Sparkline times={trace.times} values={trace.values} width={120} height={24} leastSpan={span * 0.01} />
      </td>
      <td>
        <QualityMark reading={reading} words />
      </td>
      <td class="numeric">
        <Age reading={reading} />
      </td>
      <td class="tag-name">{definition.name}</td>
    </tr>
  );
}
