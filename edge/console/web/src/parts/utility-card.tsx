import { type Figure, figureName, figureReading, figuresOf } from '../figures.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';
import { standingOfUtility } from '../situation.ts';
import { traceOf } from '../traces.ts';
import { Glyph } from './glyph.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { Sparkline } from './sparkline.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

/** One utility at a glance: its state, and up to four key figures with unit, quality, age and recent course. */
export function UtilityCard({ utility }: { utility: City['view']['utilities'][number] }) {
  const worst = standingOfUtility(utility.id);
  return (
    <section class={`panel card${worst ? ` card-${worst.priority}` : ''}`} aria-labelledby={`card-${utility.id}`}>
      <h2 id={`card-${utility.id}`}>
        <a href={href('utility', utility.id)}>
          <Glyph utility={utility.id} size={16} />
          {say(utility.name)}
        </a>
        {worst ? (
          <a class="card-state" href={href('alarms', worst.id)}>
            <PriorityMark priority={worst.priority} settled={worst.settled} size={14} />
            {worst.count}
            <span class="hidden">{t('alarms')}</span>
          </a>
        ) : (
          <span class="card-state">{t('normal')}</span>
        )}
      </h2>
      <ul class="figures">
        {figuresOf(utility.id).map((figure) => (
          <FigureRow key={figure.key} figure={figure} />
        ))}
      </ul>
    </section>
  );
}

function FigureRow({ figure }: { figure: Figure }) {
  const reading = figureReading(figure);
  const [name, over] = figureName(figure);
  const trace = traceOf(figure);
  const { low, high } = figure.points[0]?.definition ?? { low: null, high: null };
  const span = low === null || high === null ? 0 : (high - low) * (figure.over === 'sum' ? figure.points.length : 1);
  return (
    <li class="figure">
      <span class="figure-line">
        <span class="figure-name">
          {name}
          {over !== '' && <span class="figure-over"> {over}</span>}
        </span>
        <Age reading={reading} />
      </span>
      <span class="figure-line">
        <Amount reading={reading} size="large" />
        <QualityMark reading={reading} />
        {reading.trust === 'good' && <Sparkline times={trace.times} values={trace.values} leastSpan={span * 0.01} />}
      </span>
    </li>
  );
}
