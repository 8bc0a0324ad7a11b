import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { say } from '../../../../edge/console/web/src/language.ts';
import { unitSign } from '../../../../edge/core/unit-sign.ts';
import type { CityView, KindView } from '../../view.ts';
import { happen, nameOf, targetsOf } from './city.ts';
import { figureText } from './format.ts';
import { t } from './texts.ts';

const usualMinutes = 30;

const groupOf = ({ kind }: KindView) => kind.slice(0, kind.indexOf('.'));
const isSwitch = ({ magnitude: { low, high } }: KindView) => low === high;
const middle = ({ magnitude: { low, high } }: KindView) => Number(((low + high) / 2).toPrecision(2));

/** Lets the reader choose what happens, where, how much and how long, and begins it. */
export function HappenForm({ city, asset }: { city: CityView; asset: string | undefined }) {
  const [name, setName] = useState(city.kinds[0]?.kind ?? '');
  const [targets, setTargets] = useState<readonly string[]>([]);
  const [target, setTarget] = useState('');
  const [size, setSize] = useState('');
  const [minutes, setMinutes] = useState(String(usualMinutes));
  const [ramp, setRamp] = useState('0');
  const [said, setSaid] = useState<{ readonly text: string; readonly wrong: boolean }>();
  const kind = city.kinds.find((one) => one.kind === name);
  useEffect(() => {
    if (!kind) return;
    setSize(String(isSwitch(kind) ? kind.magnitude.low : middle(kind)));
    void targetsOf(name).then((known) => {
      setTargets(known);
      setTarget((before) => (known.includes(before) ? before : (known.find((one) => one === asset) ?? known[0] ?? '')));
    });
  }, [name]);
  useEffect(() => {
    if (asset !== undefined && targets.includes(asset)) setTarget(asset);
  }, [asset, targets]);
  const begin = async (event: Event) => {
    event.preventDefault();
    const [durationS, rampS] = [60 * Number(minutes), 60 * Number(ramp)];
    try {
      await happen({ kind: name, target, magnitude: Number(size), durationS, rampS });
      setSaid({ text: `${t('begun')}: ${kind ? say(kind.title) : name}`, wrong: false });
    } catch (error) {
      setSaid({ text: (error as Error).message, wrong: true });
    }
  };
  if (!kind) return null;
  const { low, high, unit } = kind.magnitude;
  const fixed = isSwitch(kind);
  return (
    <form class="panel happen" aria-labelledby="happen-title" onSubmit={begin}>
      <h2 id="happen-title">{t('happen')}</h2>
      <KindChoice city={city} name={name} onName={setName} />
      <label>
        <span>{t('target')}</span>
        <input
          name="target"
          list="targets"
          value={target}
          autocomplete="off"
          onInput={({ currentTarget }) => setTarget(currentTarget.value)}
        />
        <datalist id="targets">
          {targets.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
      <div class="happen-row">
        <Figure name="size" title={t('size')} unit={unitSign(unit)} value={size} fixed={fixed} onValue={setSize}>
          {!fixed && (
            <small>
              {t('usualRange')} {figureText(low)}–{figureText(high)}
            </small>
          )}
        </Figure>
        <Figure name="minutes" title={t('lasts')} value={minutes} onValue={setMinutes} />
        <Figure name="ramp" title={t('grows')} value={ramp} fixed={fixed} onValue={setRamp} />
      </div>
      <div class="happen-end">
        <button type="submit" class="button">
          {t('start')}
        </button>
        <output class={said?.wrong ? 'problem' : ''}>{said?.text}</output>
      </div>
    </form>
  );
}

/** All kinds of the city by what they befall. */
function KindChoice({ city, name, onName }: { city: CityView; name: string; onName: (name: string) => void }) {
  return (
    <label>
      <span>{t('kind')}</span>
      <select name="kind" value={name} onChange={({ currentTarget }) => onName(currentTarget.value)}>
        {[...new Set(city.kinds.map(groupOf))].map((group) => (
          <optgroup key={group} label={nameOf(city, group)}>
            {city.kinds
              .filter((kind) => groupOf(kind) === group)
              .map((kind) => (
                <option key={kind.kind} value={kind.kind}>
                  {say(kind.title)}
                  {kind.decoy ? ` · ${t('decoy')}` : ''}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

interface FigureProps {
  readonly name: string;
  readonly title: string;
  readonly unit?: string;
  readonly value: string;
  /** There is nothing to choose. */
  readonly fixed?: boolean;
  readonly onValue: (value: string) => void;
  readonly children?: ComponentChildren;
}

function Figure({ name, title, unit = '', value, fixed = false, onValue, children }: FigureProps) {
  return (
    <label>
      <span>
        {title} {unit && <em>{unit}</em>}
      </span>
      <input
        name={name}
        inputMode="decimal"
        value={value}
        disabled={fixed}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      {children}
    </label>
  );
}
