import { t } from '../language.ts';
import type { AssetView } from '../model.ts';
import { href } from '../routes.ts';
import { alarmsOfAsset, isBlind, isUnacknowledged, worstOf } from '../situation.ts';
import { PriorityMark } from './priority-mark.tsx';

/** An asset's state in a word: its worst alarm, that nothing is known of it, or normal. */
export function AssetState({ asset }: { asset: AssetView }) {
  const alarms = alarmsOfAsset(asset.id);
  const worst = worstOf(alarms);
  if (worst) {
    return (
      <a class={`state state-${worst.priority}`} href={href('alarms', worst.id)}>
        <PriorityMark priority={worst.priority} settled={!isUnacknowledged(worst)} />
        {t(worst.priority)}
        {alarms.length > 1 && ` · ${alarms.length}`}
      </a>
    );
  }
  return isBlind(asset) ? (
    <span class="state state-blind">
      <span aria-hidden="true">✕</span> {t('noData')}
    </span>
  ) : (
    <span class="state">{t('normal')}</span>
  );
}
