import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { PackLimit } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';

const { packs } = await loadPacks('models');

/** Every limit of safety of every pack. */
const guarded = [...packs].flatMap(([pack, { assets }]) =>
  Object.entries(assets).flatMap(([kind, { limits, alarms, roles }]) =>
    limits
      .filter((limit) => alarms[limit.kind]?.safety)
      .map((limit) => ({
        ...{ name: `${pack}.${kind} ${limit.kind}`, type: `${pack}.${kind}`, limit },
        plausible: roles[limit.role]?.plausible,
      })),
  ),
);
type Guarded = (typeof guarded)[number];

/** 0 to 27648 of an analogue module is a span around the limit, with room for what lies beyond. */
const full = 27_648;

/** The pipeline and the detection over one asset of the kind, fed with raw values second by second. */
function site({ type, limit }: Pick<Guarded, 'type' | 'limit'>, point: Partial<TagDefinition> = {}) {
  const roles = [limit.role, ...(limit.when ? [limit.when.role] : [])];
  const tags = new TagTable(
    roles.map((role, index) => ({
      ...{
        name: `plc/${role}`,
        device: 'plc',
        point: role,
        unit: '',
        scale: 1,
        offset: 0,
        deadband: 0,
        periodMs: 1000,
      },
      ...{ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, description: '' },
      ...(index === 0 ? point : {}),
    })),
  );
  const clock = new VirtualClock(Date.UTC(2026, 4, 12));
  const live = new LiveTable(tags.size);
  const pipeline = createPipeline(tags, live);
  const claims: [kind: string, active: boolean][] = [];
  const indexes = Object.fromEntries(roles.map((role, index) => [role, index]));
  const detection = createDetection({
    assets: [{ id: 'a', type, name: 'a', grid: '', location: undefined, upstreamOf: [], roles: indexes }],
    ...{ packs, tags, live, clock, log: silentLog, calibrationFile: undefined, modelsFolder: '/nowhere' },
    onFinding: ({ kind, active }) => claims.push([kind, active]),
    onNotice: () => undefined,
  });
  pipeline.samples.subscribe((batch) => detection.batch(batch));
  return {
    claims,
    /** Whether the limit's alarm stands, and whether its instrument is told to have failed. */
    stands: (kind = limit.kind) => claims.filter(([its]) => its === kind).at(-1)?.[1] ?? false,
    async feed(seconds: number, raw: number, quality: number = Quality.good) {
      for (let second = 0; second < seconds; second++) {
        const batch = createBatch('plc', roles.length, clock.wallMs());
        for (const index of roles.keys()) {
          batch.tags[index] = index;
          batch.values[index] = index === 0 ? raw : (limit.when?.equals ?? 0);
          batch.quality[index] = index === 0 ? quality : Quality.good;
          batch.times[index] = clock.wallMs();
        }
        pipeline.push(batch);
        detection.tick();
        await clock.advance(1000);
      }
    },
  };
}

const figureOf = ({ above, below, equals }: PackLimit) => above ?? below ?? equals ?? 0;
/** A value past the limit, one that is well, and the ends of an instrument's range. */
const past = (limit: PackLimit) =>
  figureOf(limit) + (limit.equals !== undefined ? 0 : limit.above !== undefined ? 1 : -1);
const well = (limit: PackLimit) =>
  limit.equals !== undefined
    ? 1 - limit.equals
    : limit.above !== undefined
      ? figureOf(limit) - limit.hysteresis - 1e-3
      : figureOf(limit) + limit.hysteresis + 1e-3;
/** Which infinity lies on the side of the limit. */
const towards = ({ below }: PackLimit) => (below === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
/** An int16 of an analogue module whose range has the limit in its middle. */
function analogue(limit: PackLimit): Partial<TagDefinition> {
  const [low, high] = limit.equals !== undefined ? [0, 1] : [0, 2 * figureOf(limit)];
  return { wire: 'int16', scale: (high - low) / full, offset: low, low, high };
}

it('there are limits of safety for gas, smoke, oxygen, levels, voltage and fire water', () => {
  expect(guarded.length).toBeGreaterThanOrEqual(18);
});

describe.each(guarded)('$name', (each) => {
  const { limit } = each;
  const delay = limit.onDelayS + 1;

  it.each(['good', 'uncertain', 'substituted', 'outOfRange', 'stuck', 'spike'] as const)(
    'alarms on a value past it that is %s, after its own delay',
    async (quality) => {
      const { feed, stands } = site(each);
      await feed(1, well(limit));
      await feed(delay, past(limit), Quality[quality]);
      expect(stands()).toBe(true);
    },
  );

  it('alarms on a leap from one end of what is plausible to the other, and goes on while the value stands still', async () => {
    const range = each.plausible ?? [Math.min(well(limit), past(limit)), Math.max(well(limit), past(limit))];
    const [from, to] = limit.below !== undefined ? [range[1], range[0]] : range;
    const leap: readonly [number, number] = limit.equals === undefined ? [from, to] : [well(limit), past(limit)];
    const { feed, stands } = site(each, { low: range[0], high: range[1] });
    await feed(5, leap[0]);
    expect(stands()).toBe(false);
    await feed(delay, leap[1]);
    expect(stands()).toBe(true);
    await feed(300, leap[1]);
    expect(stands()).toBe(true);
  });

  it('alarms when the instrument is over its range on that side, with a figure or without', async () => {
    const code = towards(limit) > 0 ? 0x7fff : -0x8000;
    const by = towards(limit) > 0 ? Quality.overRange : Quality.underRange;
    const cases: [string, Partial<TagDefinition>, number, number][] = [
      ['infinite', {}, towards(limit), Quality.good],
      ['infinite behind a scale that turns it about', { scale: -1 }, -towards(limit), Quality.good],
      ['told by the device', {}, Number.NaN, by],
      ['a code of the module', analogue(limit), code, Quality.good],
      [
        'a code of the module whose point states no range',
        { ...analogue(limit), low: -Infinity, high: Infinity },
        code,
        Quality.good,
      ],
    ];
    for (const [what, point, raw, quality] of cases) {
      const { feed, stands } = site(each, point);
      await feed(delay, raw, quality);
      expect(stands(), what).toBe(true);
      expect(stands('safety-blind'), what).toBe(false);
    }
  });

  it('alarms at the end of an instrument that cannot show its figure', async () => {
    if (limit.equals !== undefined) return;
    const reach = figureOf(limit) - (towards(limit) > 0 ? 0.5 : -0.5);
    const [low, high] = towards(limit) > 0 ? [reach - 10, reach] : [reach, reach + 10];
    const { feed, stands } = site(each, { low, high });
    await feed(3, (low + high) / 2);
    expect(stands()).toBe(false);
    await feed(delay, reach);
    expect(stands()).toBe(true);
  });

  it('says within 12 s that safety is blind when its instrument has failed, and that it sees again', async () => {
    const away = -towards(limit);
    const code = away > 0 ? 0x7fff : -0x8000;
    const module = analogue(limit);
    // 3.5 mA of 4–20 mA, or 21.5 mA
    const loop = away > 0 ? full * (17.5 / 16) : full * (-0.5 / 16);
    const cases: [string, Partial<TagDefinition>, number, number][] = [
      ['not a number', {}, Number.NaN, Quality.good],
      ['failed by the device’s word', {}, Number.NaN, Quality.device],
      ['bad', {}, Number.NaN, Quality.bad],
      ['infinite', {}, away, Quality.good],
      ['a code of the module', module, code, Quality.good],
      [
        'a code of the module whose point states no range',
        { ...module, low: -Infinity, high: Infinity },
        code,
        Quality.good,
      ],
      ...(limit.equals === undefined
        ? [['a broken loop', module, loop, Quality.good] as [string, Partial<TagDefinition>, number, number]]
        : []),
    ];
    // a state has nothing that lies away from it: past its range it may be what is asked for
    for (const [what, point, raw, quality] of cases) {
      const { feed, stands } = site(each, point);
      const toRaw = (value: number) => (value - (point.offset ?? 0)) / (point.scale ?? 1);
      await feed(3, toRaw(well(limit)));
      await feed(9, raw, quality);
      expect(stands('safety-blind'), what).toBe(false);
      await feed(3, raw, quality);
      expect(stands('safety-blind'), what).toBe(true);
      expect(stands(), what).toBe(false);
      await feed(12, toRaw(well(limit)));
      expect(stands('safety-blind'), what).toBe(false);
    }
  });

  it('keeps its alarm while nothing is delivered, and clears on a good value within its range alone', async () => {
    const { feed, stands } = site(each);
    await feed(delay, past(limit));
    for (const quality of [Quality.stale, Quality.comm, Quality.config, Quality.notConnected])
      await feed(3, Number.NaN, quality);
    for (const quality of [Quality.uncertain, Quality.substituted, Quality.stuck, Quality.spike])
      await feed(limit.offDelayS + 2, well(limit), quality);
    expect(stands()).toBe(true);
    await feed(limit.offDelayS + 2, well(limit));
    expect(stands()).toBe(false);
  });

  it('raises nothing by what is merely silent', async () => {
    const { feed, claims } = site(each);
    for (const quality of [Quality.stale, Quality.comm, Quality.notConnected]) await feed(20, Number.NaN, quality);
    expect(claims.filter(([kind]) => kind === limit.kind || kind === 'safety-blind')).toEqual([]);
  });
});
