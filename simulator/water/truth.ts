import type { Text } from '../../edge/core/text.ts';
import type { Happening, Truth } from '../city/happening.ts';
import { waterAssets } from './assets.ts';
import { waterHappenings } from './happenings.ts';
import { isLeak } from './leaks.ts';

const all = waterAssets.map(({ id }) => id);

/** Assets that lie behind one, itself included. */
function behind(id: string): readonly string[] {
  const found = new Set([id]);
  for (const at of found)
    for (const next of waterAssets.find((asset) => asset.id === at)?.upstreamOf ?? []) found.add(next);
  return [...found];
}

/** Where a happening may rightly alarm; its own asset comes first. */
function affectedBy({ kind, target }: Happening, sagging: readonly string[]): readonly string[] {
  if (isLeak(kind)) {
    const feeding = waterAssets.filter((asset) => asset.upstreamOf.includes(target)).map(({ id }) => id);
    return [target, ...feeding, 'ps-1', 'tank-1', ...sagging];
  }
  if (kind === 'water.valve-left-closed' || kind === 'water.frozen-main') return behind(target);
  return kind === 'water.background-leakage' ? [target] : [target, ...all];
}

/**
 * Ground truth of a happening; `place` is the junction or pump that it struck, `sagging` are districts whose pressure
 * falls with it.
 */
export function truthOf(happening: Happening, place = '', sagging: readonly string[] = []): Truth {
  const { target, magnitude } = happening;
  const kind = waterHappenings.find((candidate) => candidate.kind === happening.kind);
  if (!kind) throw new RangeError(`water knows no happening ${happening.kind}`);
  const affected = kind.decoy ? [target] : [...new Set(affectedBy(happening, sagging))];
  const figure = kind.magnitude.unit === '1' ? '' : `${magnitude} ${kind.magnitude.unit}`;
  const leak = isLeak(kind.kind);
  const text: Text = {
    zh: `${target} ${kind.title.zh}（${listed('，', place, leak ? `30 m 水头下 ${figure}` : figure)}）`,
    en: `${target}: ${kind.title.en.toLowerCase()} (${listed(', ', place, leak ? `${figure} at 30 m head` : figure)})`,
  };
  return { happening, decoy: kind.decoy, asset: target, affected, text };
}

const listed = (separator: string, ...parts: readonly string[]) => parts.filter((part) => part !== '').join(separator);
