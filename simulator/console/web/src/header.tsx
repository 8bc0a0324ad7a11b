import { switchLanguage } from '../../../../edge/console/web/src/language.ts';
import type { NowView } from '../../view.ts';
import { setSpeed, step } from './city.ts';
import { dayText, figureText, timeText } from './format.ts';
import { t } from './texts.ts';

const speeds = [1, 10, 60, 600, 'max'] as const;

/** Time, clock and weather of the city. */
export function Header({ now, onLanguage }: { now: NowView; onLanguage: () => void }) {
  const language = () => {
    switchLanguage();
    onLanguage();
  };
  return (
    <header class="city-header">
      <div class="city-brand">
        <img src="/mark.svg" width="24" height="24" alt="" />
        <h1>{t('title')}</h1>
      </div>
      <div class="city-time">
        <strong>{timeText(now.cityMs)}</strong>
        <span>{dayText(now.cityMs)}</span>
      </div>
      <Clock speed={now.speed} />
      <Weather now={now} />
      <button type="button" class="button language" onClick={language}>
        {t('switch')}
      </button>
    </header>
  );
}

function Clock({ speed }: { speed: NowView['speed'] }) {
  const choice = (value: number | 'max', text: string) => (
    <button key={text} type="button" class="button" aria-pressed={speed === value} onClick={() => void setSpeed(value)}>
      {text}
    </button>
  );
  return (
    <fieldset class="city-clock">
      <legend class="hidden">{t('clock')}</legend>
      {choice(0, t('pause'))}
      {speeds.map((value) => choice(value, value === 'max' ? t('max') : `${value} ×`))}
      <button type="button" class="button" onClick={() => void step(60)}>
        {t('stepMinute')}
      </button>
      <button type="button" class="button" onClick={() => void step(3600)}>
        {t('stepHour')}
      </button>
    </fieldset>
  );
}

function Weather({ now: { weather } }: { now: NowView }) {
  const { outdoorC, windMS, rainMmH, snowMmH, snowCoverMm, relativeHumidity, lux } = weather;
  const facts = [
    [t('outdoor'), outdoorC.toFixed(1), '°C'],
    [t('wind'), windMS.toFixed(1), 'm/s'],
    [t('humidity'), (100 * relativeHumidity).toFixed(0), '%'],
    ...(rainMmH > 0 ? [[t('rain'), rainMmH.toFixed(1), 'mm/h'] as const] : []),
    ...(snowMmH > 0 ? [[t('snow'), snowMmH.toFixed(1), 'mm/h'] as const] : []),
    ...(snowCoverMm >= 1 ? [[t('snowCover'), snowCoverMm.toFixed(0), 'mm'] as const] : []),
    [t('light'), figureText(Math.round(lux)), 'lx'],
  ] as const;
  return (
    <dl class="city-weather">
      {facts.map(([name, value, unit]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span class="number">{value.replace('-', '−')}</span> <span class="unit">{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
