import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drivers } from '../../drivers/registry.ts';
import { alarmSources } from '../../edge/config/alarm-subjects.ts';
import { alarmTableCells } from '../../edge/config/alarm-table.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { limitAt } from '../../edge/core/pack.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import { siteLimits } from '../../simulator/city/site-limits.ts';

const modelsFolder = resolve(import.meta.dirname, '../../models');

const points = `tag,table,address,type,unit,low,high
level,holding,0,float32,m,0,6
oxygen,holding,2,float32,%,,
p-out,holding,4,float32,kPa,,
flow,holding,6,float32,m3/h,,
`;

/** A gateway over four points with the given lines of assets. */
async function load(...assets: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-limits-'));
  await mkdir(join(folder, 'points'));
  await writeFile(join(folder, 'points/plc.csv'), points);
  const device = '{ id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:502", points: points/plc.csv }';
  const lines = ['gateway: { id: gw }', 'devices:', `  - ${device}`, 'assets:', ...assets.map((line) => `  - ${line}`)];
  await writeFile(join(folder, 'gateway.yaml'), lines.join('\n'));
  return loadGateway(join(folder, 'gateway.yaml'), { drivers, sinks, modelsFolder });
}

const tank = (limits: string) => `{ id: t-1, type: water.tank, roles: { level: plc/level }, limits: ${limits} }`;
const cabin = (limits: string) =>
  `{ id: c-1, type: gallery.compartment, roles: { oxygen: plc/oxygen }, limits: ${limits} }`;

const told = (problems: readonly { path: string; code: string; message: string; fix?: string | undefined }[]) =>
  problems.map(({ path, code, message, fix }) => [path, code, message, fix]);

describe('limits of an asset of its own', () => {
  it('stand in the place of those of the pack, in the unit that is written, and are told as the site has them', async () => {
    const { gateway, errors } = await load(
      tank(
        '{ level-high: { above: 5700, unit: mm, hysteresis: 100, onDelayS: 30 }, level-low: { below: 0.9, reason: pumps draw air } }',
      ),
      '{ id: t-2, type: water.tank, roles: { level: plc/level } }',
    );
    expect(errors).toEqual([]);
    const [own, other] = gateway!.assets;
    expect(own!.limits).toEqual({
      'level-high': { above: 5.7, hysteresis: 0.1, onDelayS: 30 },
      'level-low': { below: 0.9, reason: 'pumps draw air' },
    });
    const limits = gateway!.packs.get('water')!.assets['tank']!.limits;
    const byPack = limits.find(({ kind }) => kind === 'level-high')!;
    expect(limitAt(byPack, own!)).toMatchObject({ above: 5.7, hysteresis: 0.1, onDelayS: 30, source: 'site' });
    expect(limitAt(byPack, own!).offDelayS).toBe(byPack.offDelayS);
    expect(limitAt(byPack, other!)).toBe(byPack);
    const rows = alarmTableCells(alarmSources(gateway!), 'en').map((row) => row.map(String));
    const shown = (id: string) => rows.filter(([asset]) => asset === id).map((row) => row.at(-1));
    expect(shown('t-1')).toEqual(
      expect.arrayContaining(['level > 5.7, 30 s (site)', 'level < 0.9, 60 s (site: pumps draw air)']),
    );
    expect(shown('t-2')).toEqual(expect.arrayContaining(['level > 7.6, 60 s (default (95 % of 8 m))']));
  });

  it('raise the alarm at the figure of the site, not at that of the pack', async () => {
    const { gateway } = await load(
      tank('{ level-high: { above: 5.2, onDelayS: 2 } }'),
      '{ id: t-2, type: water.tank, roles: { level: plc/level } }',
    );
    const { tags, assets, packs } = gateway!;
    const clock = new VirtualClock(Date.UTC(2026, 0, 5));
    const live = new LiveTable(tags.size);
    const claims: unknown[] = [];
    const detection = createDetection({
      ...{ assets, packs, tags, live, clock, log: silentLog, calibrationFile: undefined, modelsFolder },
      onFinding: ({ asset, kind, evidence: [evidence], decision }) =>
        claims.push([asset, kind, evidence?.observed, evidence?.expected, decision?.['limit']]),
      onNotice: () => undefined,
    });
    for (let second = 0; second < 5; second++) {
      const batch = createBatch('plc', 1, clock.wallMs());
      batch.tags[0] = tags.indexOf('plc/level')!;
      batch.values[0] = 5.3;
      batch.times[0] = clock.wallMs();
      live.write(batch);
      detection.batch(batch);
      detection.tick();
      await clock.advance(1000);
    }
    expect(claims).toEqual([['t-1', 'level-high', 5.3, 5.2, 'site']]);
    await detection.stop();
  });

  it('are errors where the pack has no such limit, side or unit, or the point never shows the figure', async () => {
    const at = 'assets[0].limits';
    const bad: [string, string, string, RegExp][] = [
      ['{ level-hihg: { above: 5 } }', `${at}.level-hihg`, 'REFERENCE', /has no limit.*did you mean "level-high"/],
      ['{ level-high: { below: 5 } }', `${at}.level-high.below`, 'LIMIT', /no figure "below".*use "above"/],
      ['{ level-high: { above: 5, unit: kPa } }', `${at}.level-high.unit`, 'UNIT', /"kPa" is no unit of m/],
      ['{ level-high: { above: 7.6 } }', `${at}.level-high.above`, 'LIMIT', /never passed: "level" shows 0 to 6/],
      ['{ level-high: { above: 6 } }', `${at}.level-high.above`, 'LIMIT', /never passed/],
      ['{ level-low: { below: 0 } }', `${at}.level-low.below`, 'LIMIT', /never passed/],
      ['{ level-high: {} }', `${at}.level-high`, 'VALUE', /expected one of above, below/],
      ['{ level-high: { abvoe: 5 } }', `${at}.level-high.abvoe`, 'KEY', /did you mean "above"/],
      ['{ level-high: { above: .nan } }', `${at}.level-high.above`, 'VALUE', /./],
    ];
    for (const [limits, path, code, words] of bad) {
      const { errors } = await load(tank(limits));
      expect(
        errors.map((error) => [error.path, error.code]),
        limits,
      ).toContainEqual([path, `LL-CONFIG-${code}`]);
      expect(
        JSON.stringify(told(errors).map(([, , message, fix]) => `${message}; ${fix}`)).replaceAll('\\', ''),
        limits,
      ).toMatch(words);
    }
  });

  it('keep an upper figure above the lower one', async () => {
    const regulator = (limits: string) =>
      `{ id: r-1, type: gas.regulator, roles: { outlet-pressure: plc/p-out }, limits: ${limits} }`;
    const { errors } = await load(regulator('{ outlet-deviation: { above: 2.1 } }'));
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      ['assets[0].limits.outlet-deviation', 'LL-CONFIG-LIMIT'],
    ]);
    expect((await load(regulator('{ outlet-deviation: { above: 2.1, below: 1.9 } }'))).errors).toEqual([]);
  });

  it('of safety go to the safe side alone, unless a reason says why, which is told as a warning', async () => {
    const path = 'assets[0].limits.oxygen-low';
    expect((await load(cabin('{ oxygen-low: { below: 20, onDelayS: 2 } }'))).errors).toEqual([]);
    for (const [figure, key] of [
      ['below: 19', 'below'],
      ['onDelayS: 60', 'onDelayS'],
    ]) {
      const lax = await load(cabin(`{ oxygen-low: { ${figure} } }`));
      expect(lax.errors.map((error) => [error.path, error.code])).toEqual([[`${path}.${key}`, 'LL-CONFIG-SAFETY']]);
      const reasoned = await load(cabin(`{ oxygen-low: { ${figure}, reason: 1900 m above the sea } }`));
      expect(reasoned.errors).toEqual([]);
      expect(reasoned.warnings.map((warning) => [warning.path, warning.code])).toContainEqual([
        `${path}.${key}`,
        'LL-CONFIG-SAFETY',
      ]);
    }
  });

  it('are asked for where the figure of the pack belongs to a plant, once for each type', async () => {
    const plain = (id: string) => `{ id: ${id}, type: water.tank, roles: { level: plc/level } }`;
    const { warnings } = await load(...['t-1', 't-2', 't-3', 't-4'].map(plain));
    const open = warnings.filter(({ code }) => code === 'LL-CONFIG-SITE');
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ path: 'assets[0]', line: 5 });
    expect(open[0]!.message).toMatch(/level-high, level-low of water\.tank .*t-1, t-2, t-3 and 1 more/);
    const stated = await load(tank('{ level-high: { above: 5.7 }, level-low: { below: 0.9 } }'));
    expect(stated.warnings.filter(({ code }) => code === 'LL-CONFIG-SITE')).toEqual([]);
  });
});

it('a city states every limit that belongs to its plants, and means what the packs have', async () => {
  const { packs } = await loadPacks(modelsFolder);
  for (const [type, own] of Object.entries(siteLimits)) {
    const [utility = '', kind = ''] = type.split('.');
    const limits = packs.get(utility)!.assets[kind]!.limits;
    expect(Object.keys(own).sort(), type).toEqual(
      [...new Set(limits.filter(({ site }) => site).map((one) => one.kind))].sort(),
    );
    for (const limit of limits)
      expect(limitAt(limit, { limits: own }), type).toEqual({
        ...limit,
        source: own[limit.kind] ? 'site' : limit.source,
      });
  }
});
