import type { ConsoleDetection } from '../../edge/console/detection-api.ts';
import type { Alarm } from '../../edge/core/alarm.ts';
import { type Asset, utilityOf } from '../../edge/core/asset.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import type { ShelfChange, ShelfRole, ShelfVersion } from '../../edge/core/model-shelf.ts';
import type { TagDefinition } from '../../edge/core/tag.ts';
import type { WidenedClaim } from '../../edge/core/verdict.ts';
import type { Watch } from '../../edge/core/watch.ts';

const dayMs = 86_400_000;
const meanings: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  burst: { zh: '管道破裂，进水超出用水规律', en: 'A main has broken: more flows in than people take' },
  'background-leakage': { zh: '夜间最小流量上升，多为暗漏', en: 'The minimum night flow rises: hidden leaks' },
  'pressure-low': { zh: '压力低于限值', en: 'Pressure below its limit' },
};

interface Parts {
  readonly clock: Clock;
  readonly assets: readonly Asset[];
  readonly tags: readonly TagDefinition[];
  readonly alarms: () => readonly Alarm[];
  readonly tell: (change: ShelfChange, by: string) => void;
  readonly settled: (asset: string, by: string) => void;
}

/** A claim that was a nuisance three times, the last two days ago. */
export const widenedAt = (nowMs: number): WidenedClaim => ({
  ...{ asset: 'dma-4', kind: 'burst', detector: 'district-burst', factor: 1.25 },
  ...{ since: nowMs - 2 * dayMs, until: nowMs + 26 * dayMs },
});

/** Detection as a quiet city has it: calibrated water, a gas plant that waits for history, one asset out of model, a shelf with a shadow. */
export function fixtureDetection({ clock, assets, tags, alarms, tell, settled }: Parts): ConsoleDetection {
  const startedAt = clock.wallMs();
  const roles = new Map<string, ShelfRole>([
    ['dma-3@1', 'active'],
    ['dma-3@2', 'shadow'],
    ['dma-4@1', 'active'],
    ['dma-4@2', 'shadow'],
  ]);
  const outside = { share: 0.04, roles: Object.keys(assets.find(({ id }) => id === 'dma-4')?.roles ?? {}).slice(0, 1) };
  const proposed = new Map([['dma-4', { asset: 'dma-4', since: startedAt - dayMs, ...outside }]]);
  const nameOf = (asset: Asset, at = 0) => tags[Object.values(asset.roles)[at] ?? 0]!.name;
  return {
    report: () => ({
      watches: assets.flatMap((asset) => watchesOf(asset, nameOf(asset), alarms())),
      distrusted: assets
        .filter(({ id }) => id === 'ps-1')
        .map((asset) => ({
          ...{ asset: asset.id, role: Object.keys(asset.roles)[0]!, tag: nameOf(asset), reason: 'stuck' },
        })),
      outOfModel: Object.fromEntries(
        assets
          .filter(({ type }) => utilityOf(type) === 'water')
          .map((asset) => [asset.id, outOfModelOf(asset, asset.id === 'dma-4')]),
      ),
      calibration: {
        by: 'lifeline calibrate',
        from: "the gateway's own history",
        first: '2026-01-01',
        last: '2026-01-14',
      },
      budget: { wanted: 0.02, tolerance: 1.13, expected: 0.018, supported: [0.0053, 0.043] },
    }),
    meaning: (_, kind) => meanings[kind],
    historySince: async () => startedAt - 5 * dayMs,
    async course(asset, kind, fromMs, toMs) {
      if (kind !== 'burst') return undefined;
      const count = Math.round((toMs - fromMs) / 60_000);
      const times = Float64Array.from({ length: count }, (_, row) => fromMs + (row + 1) * 60_000);
      const expected = times.map((time) => 12 + 3 * Math.sin(time / 3_600_000));
      const broken = alarms().some(({ id }) => id === `${asset}/burst`) ? 12 : 0;
      return {
        ...{ quantity: 'net-inflow', unit: 'L/s', times, expected },
        observed: expected.map((value, row) => value + Math.sin(row) + (row > count - broken ? 14 : 0)),
        low: expected.map((value) => value - 3),
        high: expected.map((value) => value + 3),
      };
    },
    learning: () => ({ stage: null, next: null, share: null, problem: null }),
    proposals: () => [...proposed.values()],
    async settleProposal(asset, by) {
      if (!proposed.delete(asset)) return false;
      settled(asset, by);
      return true;
    },
    models: async () =>
      [...roles].map(([key, role]) => {
        const [asset = '', version] = key.split('@');
        return versionOf(asset, Number(version), role);
      }),
    async changeModel(change, by) {
      const { asset, version } = change;
      if (roles.get(`${asset}@${version}`) !== (change.change === 'roll-back' ? 'active' : 'shadow'))
        throw refused('VERSION', `${change.change} version ${version} of ${asset}: it is not in shadow any more`);
      if (asset === 'dma-4')
        throw refused('UNPROVEN', `promote version ${version} of ${asset}: 310 rows, 864 are asked`);
      if (change.change === 'promote') {
        roles.set(`${asset}@${version}`, 'active');
        roles.set(`${asset}@1`, 'previous');
      } else {
        roles.set(`${asset}@${version}`, 'new');
        roles.set(`${asset}@1`, 'active');
      }
      tell(change, by);
    },
  };
}

const refused = (name: string, message: string) =>
  new LifelineError(`LL-MODEL-${name}`, { cause: '', retry: false, next: 'Look again.' }, message);

function watchesOf(asset: Asset, tag: string, alarms: readonly Alarm[]): Watch[] {
  const own = { asset: asset.id, roles: [], evidence: [] };
  const utility = utilityOf(asset.type);
  const tagCount = Object.keys(asset.roles).length;
  const limit: Watch = {
    ...{ ...own, detector: 'limit', rung: 1, kind: 'pressure-low', state: 'watching', score: 0 },
    evidence: [{ tag, observed: 0.34, expected: 0.2, unit: 'MPa', windowS: 10 }],
  };
  if (utility === 'gas') {
    const waits = { state: 'waiting', reason: 'calibration', historyDays: 1, score: null } as const;
    return [
      { ...own, detector: 'instrument', rung: 0, kind: '', ...waits, progress: { done: 0, of: tagCount, unit: 'tag' } },
      limit,
      { ...own, detector: 'residual', rung: 3, kind: 'filter-blockage', ...waits, historyDays: 14 },
    ];
  }
  const checked = { done: tagCount, of: tagCount, unit: 'tag' } as const;
  const instrument: Watch = {
    ...{ ...own, detector: 'instrument', rung: 0, kind: '', state: 'watching', score: 0, progress: checked },
  };
  if (utility !== 'water') return [instrument, limit];
  const burst = alarms.some(({ id, finding }) => id === `${asset.id}/burst` && finding.active);
  return [
    instrument,
    limit,
    {
      ...{ ...own, detector: 'district-burst', rung: 1, kind: 'burst', state: burst ? 'claimed' : 'watching' },
      score: burst ? 0.93 : 0.11,
      evidence: [{ tag: 'net-inflow', observed: 13.4, expected: 12.5, unit: 'L/s', windowS: 3 }],
    },
    {
      ...own,
      detector: 'night-flow',
      rung: 2,
      kind: 'background-leakage',
      state: 'waiting',
      reason: 'night',
      score: null,
    },
    asset.id === 'dma-4'
      ? { ...own, detector: 'residual', rung: 3, kind: 'inlet-throttled', state: 'out-of-model', score: null }
      : {
          ...{ ...own, detector: 'residual', rung: 3, kind: 'inlet-throttled', state: 'watching', score: 0.21 },
          evidence: [{ tag, observed: 0.36, expected: 0.35, unit: 'MPa', windowS: 60 }],
        },
  ];
}

const outOfModelOf = (asset: Asset, now: boolean) => ({
  ...{ now, minutes: 1440, outside: now ? 58 : 0, unseenModes: [] },
  beyond: now ? { [Object.keys(asset.roles)[0]!]: { low: 20, high: 80, lowest: 20, highest: 96.5 } } : {},
});

function versionOf(asset: string, version: number, role: ShelfRole): ShelfVersion {
  const shadow = role === 'shadow';
  const proven = asset === 'dma-3';
  const rows = shadow && !proven ? 310 : 1_200;
  return {
    ...{ asset, version, role, kind: 'linear', signed: version === 1 },
    ...{ source: "the gateway's own history", first: '2026-01-01T00:00:00Z', last: '2026-01-14T00:00:00Z' },
    atWork:
      role === 'active' || shadow
        ? { state: 'ready', code: '', ratio: 0.31, outOfModel: false, drifting: asset === 'dma-4' && !shadow }
        : null,
    past: { days: 4, rows, above: 3, missing: 12, outOfModel: 6, episodes: 1, largestRatio: 1.08, stability: 0.07 },
    trial: shadow
      ? {
          ...{ rows, leastRows: 864, episodes: 1, mostEpisodes: 1, events: 1, agreed: 1, leastAgreed: 1 },
          ...{ outOfModel: 6, mostOutOfModel: Math.floor(0.02 * rows) },
        }
      : null,
  };
}
