import type { WatchView } from '../../detection-wire.ts';
import { gatewayNow } from './feed.ts';
import { numberText } from './format.ts';
import { say, t, tOr } from './language.ts';
import type { AssetView, City } from './model.ts';

const dayMs = 86_400_000;
const units = { s: 's', min: 'min', d: 'd', night: '', tag: '' } as const;

/** A role in the words of its pack; those of peers and of what is downstream say so. */
export function roleText(city: City, asset: AssetView, role: string): string {
  const [, prefix, plain = role] = /^(peers|downstream)\.(.+)$/.exec(role) ?? [];
  const name = city.view.kinds[asset.type]?.roles[plain]?.name;
  const word = name ? say(name) : plain;
  if (prefix === undefined) return word;
  return `${t(prefix === 'peers' ? 'peersOf' : 'downstreamOf')} ${word}`;
}

/** What a watch waits for, how far it is, and what keeps it from being whole; empty when there is nothing to say. */
export function waitText(city: City, asset: AssetView, watch: WatchView, historySince: number | null): string {
  const roles = watch.roles.map((role) => roleText(city, asset, role)).join(', ');
  const { progress, reason } = watch;
  const share = progress ? `${progress.done} / ${progress.of} ${units[progress.unit]}`.trim() : '';
  const code = watch.code ? `${t('bypassed')}: ${tOr(watch.code)}` : '';
  if (watch.state !== 'waiting') {
    if (progress?.unit === 's') return `${t('delayRuns')} ${share}`;
    const partly = progress?.unit === 'tag' && (progress.done ?? 0) < (progress.of ?? 0);
    return [partly ? `${share} ${t('tagsCalibrated')}` : '', roles, code].filter(Boolean).join(' · ');
  }
  switch (reason) {
    case 'calibration':
      return historyText(watch.historyDays ?? 0, historySince);
    case 'role':
      return `${t('needsRole')} ${roles}`;
    case 'window':
      return `${t('needsWindow')} ${share}`;
    case 'night':
      return t('needsNight');
    case 'model':
      return `${t('needsModel')} ${watch.code ?? ''}`.trim();
    default:
      return roles === '' ? t('needsValues') : `${t('needsValues')}: ${roles}`;
  }
}

/** How much history there is of what a calibration has to learn from. */
export function historyText(needed: number, historySince: number | null): string {
  const kept = historySince === null ? 0 : Math.max(0, gatewayNow() - historySince) / dayMs;
  if (kept >= needed) return t('enoughHistory');
  return `${t('needsHistory')} ${numberText(kept, 1)} d${t('ofLeast')} ${needed} d${t('runCalibrate')}`;
}

/** The kind of claim worth a picture: one that is made, else the one that is judged with the largest score. */
export function tellingKind(watches: readonly WatchView[]): string | undefined {
  const judged = watches.filter(({ score }) => score !== null).sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  return (watches.find(({ state }) => state === 'claimed') ?? judged[0])?.kind || undefined;
}
