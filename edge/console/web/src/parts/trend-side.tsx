import { Fragment } from 'preact';
import { unitSign } from '../../../../core/unit-sign.ts';
import { constantText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City, Point, TagView } from '../model.ts';
import { readingAt } from '../reading.ts';
import { href } from '../routes.ts';
import { ManualValue } from './manual-value.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

interface TrendSideProps {
  readonly city: City;
  readonly tag: TagView;
  readonly point: Point | undefined;
  /** Names of the tags that are drawn. */
  readonly shown: readonly string[];
  readonly onAdd: (tag: string) => void;
}

/** What the tag is, its limits, and the other values of the same asset: each alone or beside what is drawn, one click away. */
export function TrendSide({ city, tag, point, shown, onAdd }: TrendSideProps) {
  const unit = unitSign(tag.unit);
  const others = point ? (city.points.get(point.asset.id) ?? []) : [];
  return (
    <aside class="panel trend-side">
      <dl class="facts">
        <dt>{t('instrumentRange')}</dt>
        <dd>
          {tag.low === null || tag.high === null ? '—' : `${constantText(tag.low)} – ${constantText(tag.high)} ${unit}`}
        </dd>
        {point?.limits.map((limit) => (
          <Fragment key={limit.kind}>
            <dt>
              {t(
                typeof limit.above === 'number'
                  ? 'upperLimit'
                  : typeof limit.below === 'number'
                    ? 'lowerLimit'
                    : 'limit',
              )}
            </dt>
            <dd>
              {typeof limit.above === 'number' && `> ${constantText(limit.above)} ${unit}`}
              {typeof limit.below === 'number' && `< ${constantText(limit.below)} ${unit}`}
              {typeof limit.equals === 'number' && `= ${constantText(limit.equals)} ${unit}`}
              {limit.source?.startsWith('site') && <small title={limit.source}> {t('ofSite')}</small>}
            </dd>
          </Fragment>
        ))}
        <dt>{t('period')}</dt>
        <dd>{constantText((tag.periodMs ?? 0) / 1000)} s</dd>
      </dl>
      <ManualValue key={tag.name} tag={tag} />
      {others.length > 1 && (
        <>
          <h2>{t('otherRoles')}</h2>
          <ul class="others">
            {others.map((other) => (
              <Other key={other.role} point={other} current={shown.includes(other.definition.name)} onAdd={onAdd} />
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

function Other({ point, current, onAdd }: { point: Point; current: boolean; onAdd: (tag: string) => void }) {
  const reading = readingAt(point);
  const name = point.meaning ? say(point.meaning.name) : point.role;
  return (
    <li class="other-line">
      <a class="other" href={href('trend', point.definition.name)} aria-current={current ? 'page' : undefined}>
        <span class="other-name">{name}</span>
        <span class="other-meta">
          <QualityMark reading={reading} />
          <Age reading={reading} />
        </span>
        <Amount reading={reading} />
      </a>
      <button
        type="button"
        class="button"
        aria-label={`${t('addPoint')}: ${name}`}
        disabled={current}
        onClick={() => onAdd(point.definition.name)}
      >
        +
      </button>
    </li>
  );
}
