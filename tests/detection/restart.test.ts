import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { Pack, PackDetector } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { calibrationFile, limit } from './plant.ts';

/** Four hours before the end of a night in UTC+8, so that nights end too. */
const startMs = Date.UTC(2026, 4, 12, 20, 0, 0);
const roles = ['flow', 'pressure', 'value', 'count', 'shut', 'night'] as const;
const places = new Map([...roles, 'fed/flow', 'fed/pressure'].map((name, index) => [name, index]));
const detectors: readonly PackDetector[] = [
  { detector: 'data-quality', kind: 'data', options: {} },
  { detector: 'counter', kind: 'writes', options: { role: 'count', above: 2, withinS: 120, quietS: 200 } },
  {
    ...{ detector: 'circumstance', kind: 'starved' },
    options: { event: { role: 'shut', equals: 1 }, amid: [{ role: 'pressure', above: 0 }], forS: 5 },
  },
  {
    ...{ detector: 'jump', kind: 'broken' },
    options: {
      jumps: [
        { role: 'flow', moves: 'up' },
        { role: 'pressure', moves: 'down' },
      ],
    },
  },
  { detector: 'residual', kind: 'departs', options: { residuals: [{ role: 'value', of: ['flow'], moves: 'up' }] } },
  { detector: 'gas-balance', kind: 'leak', options: { flow: 'flow', fedFlow: 'flow', fedPressure: 'pressure' } },
  { detector: 'night-flow', kind: 'leakage', options: { inflow: 'night', fromHour: 1, toHour: 5 } },
];
const tagFigures = {
  differenceScale: 0.4,
  longestRun: 6,
  thereAndBack: 1,
  largestStep: 3,
  range: { low: 0, high: 200 },
};
const tagNames = ['flow', 'pressure', 'value', 'fed-flow', 'fed-pressure'];
const calibration = calibrationFile({
  tags: Object.fromEntries(tagNames.map((name) => [`plc/${name}`, tagFigures])),
  assets: {
    main: {
      nightFlow: { working: 10, free: 10, share: 0.04 },
      residuals: {
        departs: {
          ...{ allowance: 4, limit: 20 },
          parts: [
            {
              ...{ role: 'value', rate: false, moves: 'up', scale: 0.5, weights: [30, 5, 0] },
              of: [{ role: 'flow', centre: 50, spread: 10, low: 0, high: 200 }],
            },
          ],
        },
      },
    },
  },
});

const tags = new TagTable(
  [...places.keys()].map((name) => {
    const point = name.replace('/', '-');
    const unit = point.endsWith('pressure') ? 'kPa' : 'Nm3/h';
    return {
      ...{ name: `plc/${point}`, device: 'plc', point, unit, scale: 1, offset: 0, low: 0, high: 1e6 },
      ...{ deadband: 0, periodMs: 1000, description: '' },
    };
  }),
);
const text = { zh: '', en: '' };
const packRole = { name: text, unit: '', required: true };
const thing = {
  ...{ name: text, roles: { flow: packRole, pressure: packRole }, alarms: {} },
  limits: [limit({ role: 'value', above: 45, onDelayS: 20, offDelayS: 30, hysteresis: 2 })],
};
const pack: Pack = {
  ...{ pack: 'gas', version: 1, name: text, figures: [] },
  assets: { main: { ...thing, detectors }, station: { ...thing, limits: [], detectors: [] } },
};
const asset = (id: string, kind: string, upstreamOf: readonly string[], from: readonly (readonly [string, string])[]) =>
  ({
    ...{ id, type: `gas.${kind}`, name: id, grid: '', location: undefined, upstreamOf },
    roles: Object.fromEntries(from.map(([role, place]) => [role, places.get(place) as number])),
  }) as Asset;
const assets = [
  asset(
    'main',
    'main',
    ['station'],
    roles.map((role) => [role, role]),
  ),
  asset(
    'station',
    'station',
    [],
    [
      ['flow', 'fed/flow'],
      ['pressure', 'fed/pressure'],
    ],
  ),
];

/** A gateway's detection, that may be started anew while the plant goes on. */
function gateway(clock: VirtualClock, findings: Finding[]) {
  const live = new LiveTable(tags.size);
  const detection = createDetection({
    ...{ assets, packs: new Map([['gas', pack]]), tags, live, log: silentLog, calibrationFile: calibration },
    ...{ clock, modelsFolder: '/nowhere' },
    onFinding: (finding) => findings.push(finding),
    onNotice: () => undefined,
  });
  return { live, detection };
}

/** What the plant shows, second by second: quiet, with faults of all kinds that come and go. */
function* courseOf(seed: number) {
  const random = seededRandom(seed, 'plant');
  let [fault, left, drift, count, astray] = [0, 60, 0, 0, 0];
  for (;;) {
    if (left-- <= 0) [fault, left] = [random.integer(0, 9), random.integer(15, 400)];
    drift = 0.98 * drift + 0.3 * random.normal();
    if (random.next() < (fault === 1 ? 0.05 : 0.002)) count++;
    const noise = () => 0.2 * random.normal();
    astray = fault === 4 ? Math.min(9, astray + 0.1) : Math.max(0, astray - 0.1);
    const leak = fault === 2 ? 40 : 0;
    const flow = 50 + drift + leak + noise();
    const pressure = fault === 3 ? 77 : 80 - drift / 5 - leak / 2 + noise();
    const value = 30 + 0.5 * (flow - 50 - leak) + astray + (fault === 5 ? 6 * random.normal() : noise());
    const own = [flow, pressure, fault === 6 ? 60 : value, count, fault === 7 ? 1 : 0, 12 + noise()];
    yield { values: [...own, 50 + drift + noise(), pressure - 5], bad: fault === 8 };
  }
}

/**
 * The findings of a plant over so many seconds with pauses of the gateway; anew after each where `restarts`, with what it
 * remembers as text.
 */
async function story(seed: number, pauses: readonly { atS: number; lastsS: number }[], restarts: boolean) {
  const clock = new VirtualClock(startMs);
  const findings: Finding[] = [];
  let { live, detection } = gateway(clock, findings);
  let second = 0;
  for (const { values, bad } of courseOf(seed)) {
    if (second++ >= lastsS) break;
    const pause = pauses.find(({ atS, lastsS: long }) => second >= atS && second < atS + long);
    if (pause && restarts && second === pause.atS) {
      const kept = JSON.stringify(detection.snapshot());
      await detection.stop();
      ({ live, detection } = gateway(clock, findings));
      detection.restore(JSON.parse(kept));
    }
    if (!pause) {
      const batch = createBatch('plc', values.length, clock.wallMs());
      for (const [row, value] of values.entries()) {
        batch.tags[row] = row;
        batch.values[row] = value;
        batch.quality[row] = bad && row < 2 ? Quality.comm : Quality.good;
        batch.times[row] = clock.wallMs();
      }
      live.write(batch);
      detection.batch(batch);
      detection.tick();
    }
    await clock.advance(1000);
  }
  await detection.stop();
  return findings;
}

const lastsS = 4_000;

it('a gateway that is started anew claims what one that paused for as long claims, whatever detector it is of', async () => {
  const claimants = new Set<string>();
  const pause = fc.record({
    atS: fc.integer({ min: 100, max: lastsS - 100 }),
    lastsS: fc.integer({ min: 1, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(pause, { minLength: 1, maxLength: 4 }), async (seed, pauses) => {
      const straight = await story(seed, pauses, false);
      for (const { from } of straight) claimants.add(from);
      expect(await story(seed, pauses, true)).toEqual(straight);
    }),
    { numRuns: 4, endOnFailure: true },
  );
  const expected = [
    'circumstance',
    'counter',
    'data-quality',
    'gas-balance',
    'instrument',
    'jump',
    'limit',
    'residual',
  ];
  expect([...claimants].sort()).toEqual(expected);
}, 120_000);
