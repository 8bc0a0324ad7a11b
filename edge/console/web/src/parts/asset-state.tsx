import { t } from '../language.ts';
import type { AssetView } from '../model.ts';
import { href } from '../routes.ts';
import { isBlind, standingOfAsset } from '../situation.ts';
import { PriorityMark } from './priority-mark.tsx';

/** An asset's state in a word: its worst alarm, that nothing is known of it, or normal. */
export function AssetState({ asset }: { asset: AssetView }) {
  const worst = standingOfAsset(asset.id);
  if (worst) {
    return (
      <a class={`state state-${worst.priority}`} href={href('alarms', worst.id)}>
        <PriorityMark priority={worst.priority} settled={worst.settled} />
        {t(worst.priority)}
        {worst.count > 1 && ` · ${worst.count}`}
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
