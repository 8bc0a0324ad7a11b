import { useState } from 'preact/hooks';
import { say } from '../../../../edge/console/web/src/language.ts';
import { unitSign } from '../../../../edge/core/unit-sign.ts';
import type { CityView, PointView } from '../../view.ts';
import { choosePlc, type Picture } from './city.ts';
import { Course } from './course.tsx';
import { figureText } from './format.ts';
import { t } from './texts.ts';

interface PlanesProps {
  readonly city: CityView;
  readonly picture: Picture;
  /** The asset chosen on the map: its PLCs come first. */
  readonly asset: string | undefined;
}

/** Truth, what the PLC sees and what the wire says, point by point of one PLC. */
export function Planes({ city, picture, asset }: PlanesProps) {
  const [wanted, setWanted] = useState('');
  const [only, setOnly] = useState(false);
  const [followed, setFollowed] = useState<string>();
  const { points, course } = picture;
  const now = course.at(-1);
  const near = city.plcs.filter(({ assets }) => asset !== undefined && assets.includes(asset));
  const others = city.plcs.filter((plc) => !near.includes(plc));
  const rows = points
    .map((point, at) => ({ point, at, planes: [now?.truth[at], now?.seen[at], now?.wire[at]] as const }))
    .filter(({ point, planes }) => (!only || differs(point, planes)) && isWanted(point, wanted));
  return (
    <section class="panel planes" aria-labelledby="planes-title">
      <div class="planes-head">
        <h2 id="planes-title">{t('planes')}</h2>
        <select
          aria-label={t('plc')}
          value={now?.id ?? ''}
          onChange={({ currentTarget }) => void choosePlc(currentTarget.value || undefined)}
        >
          <option value="">—</option>
          {[...near, ...others].map(({ id, name }) => (
            <option key={id} value={id}>
              {id} · {say(name)}
            </option>
          ))}
        </select>
        <input
          aria-label={t('find')}
          placeholder={t('find')}
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
        <label class="planes-only">
          <input type="checkbox" checked={only} onChange={({ currentTarget }) => setOnly(currentTarget.checked)} />
          {t('onlyDifferent')}
        </label>
      </div>
      {!now && <p class="empty-line">{t('noPlc')}</p>}
      {now && only && rows.length === 0 && <p class="empty-line">{t('allAgree')}</p>}
      {now && rows.length > 0 && (
        <div class="planes-body">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('point')}</th>
                <th scope="col" class="figure-head">
                  {t('truth')}
                </th>
                <th scope="col" class="figure-head">
                  {t('seen')}
                </th>
                <th scope="col" class="figure-head">
                  {t('wire')}
                </th>
                <th scope="col">{t('unit')}</th>
                <th scope="col" />
              </tr>
            </thead>
            <tbody>
              {rows.map(({ point, at, planes }) => (
                <tr
                  key={point.name}
                  class={`${differs(point, planes) ? 'planes-differ' : ''} ${followed === point.name ? 'planes-chosen' : ''}`}
                >
                  <th scope="row">
                    <button type="button" onClick={() => setFollowed(point.name)}>
                      {say(point.description)} <code>{point.name}</code>
                    </button>
                  </th>
                  {planes.map((value, plane) => (
                    <td key={plane} class="figure-cell">
                      {shownAs(point, value)}
                    </td>
                  ))}
                  <td class="unit">{unitSign(point.unit)}</td>
                  <td>{followed === point.name && <Course course={course} at={at} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const isWanted = ({ name, description }: PointView, wanted: string): boolean =>
  `${name} ${description.zh} ${description.en}`.toLowerCase().includes(wanted.toLowerCase());

/** Planes differ where noise, rounding and one scan of movement do not explain it: six sigmas and 0.2 % of the range. */
function differs(
  { noise, low, high, type, scale }: PointView,
  planes: readonly (number | null | undefined)[],
): boolean {
  const [truth, ...others] = planes;
  if (typeof truth !== 'number') return false;
  const counts = /^(float|bool)/.test(type) ? 0 : Math.abs(scale);
  const usual = 6 * noise + (noise > 0 ? 0.002 * (high - low) : 0) + counts + 1e-5 * Math.abs(truth);
  const inRange = Math.min(Math.max(truth, low), high);
  return others.some((value) => typeof value === 'number' && Math.abs(value - inRange) > usual);
}

function shownAs({ states }: PointView, value: number | null | undefined): string {
  const state = typeof value === 'number' ? states?.[String(Math.round(value))] : undefined;
  return state ?? figureText(value);
}
