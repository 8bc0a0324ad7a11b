import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { bench, calibrationFile, limit } from './plant.ts';

const tag = { differenceScale: 0.5, longestRun: 2, thereAndBack: 2 };

const watched = () =>
  bench({
    roles: ['flow', 'spare'],
    required: ['flow'],
    detectors: [{ detector: 'data-quality', kind: 'bad-data', options: {} }],
    parts: { calibrationFile: calibrationFile({ tags: { 'plc/flow': tag } }) },
  });

describe('data quality', () => {
  it('is silent while a noisy tag does what its calibration says', async () => {
    const { second, findings } = watched();
    const random = seededRandom(4);
    for (let count = 0; count < 600; count++) await second({ flow: 50 + 0.4 * random.normal() });
    expect(findings).toEqual([]);
  });

  it('finds a required tag that has been bad for 30 s, names it and why, and ends when it is well again', async () => {
    const { second, findings } = watched();
    const random = seededRandom(5);
    await second({ flow: 50 });
    for (let count = 0; count < 30; count++) await second({ flow: Number.NaN }, Quality.comm);
    expect(findings).toEqual([]);
    for (let count = 0; count < 3; count++) await second({ flow: Number.NaN }, Quality.comm);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      asset: 'a-1',
      kind: 'bad-data',
      active: true,
      decision: { 'plc/flow': 'comm' },
    });
    for (let count = 0; count < 15; count++) await second({ flow: 50 + random.normal() });
    expect(findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('tells that a role is missing which a limit or a detector reads, whether it is required or not', async () => {
    const reading = bench({
      roles: ['flow', 'gas', 'pump', 'heat', 'spare'],
      required: ['flow'],
      limits: [limit({ kind: 'gas-high', role: 'gas', above: 20, when: { role: 'pump', equals: 1 } })],
      detectors: [
        { detector: 'data-quality', kind: 'bad-data', options: {} },
        { detector: 'residual', kind: 'odd', options: { residuals: [{ role: 'flow', of: ['heat'] }] } },
      ],
    });
    const { second, findings, send } = reading;
    const told = () =>
      findings.filter(({ kind }) => kind === 'bad-data').map(({ active, decision }) => [active, decision]);
    const all = { flow: 1, gas: 1, pump: 1, heat: 1 };
    for (const [role, quality] of [
      ['gas', 'stale'],
      ['pump', 'comm'],
      ['heat', 'config'],
    ] as const) {
      findings.length = 0;
      for (let count = 0; count < 33; count++) {
        send(Object.fromEntries(Object.entries(all).filter(([other]) => other !== role)));
        await second({ [role]: Number.NaN }, Quality[quality]);
      }
      expect(told(), role).toEqual([[true, { [`plc/${role}`]: quality }]]);
      for (let count = 0; count < 12; count++) await second(all);
      expect(
        told().map(([active]) => active),
        role,
      ).toEqual([true, false]);
    }
    findings.length = 0;
    // what is there, however doubtful, is not missing; nobody reads the spare one
    for (let count = 0; count < 60; count++) {
      send(all);
      send({ gas: 200 }, Quality.outOfRange);
      await second({ spare: Number.NaN }, Quality.stale);
    }
    expect(told()).toEqual([]);
  });

  it('passes over a role that nothing reads', async () => {
    const { second, findings } = watched();
    const random = seededRandom(6);
    for (let count = 0; count < 60; count++) {
      await second({ spare: Number.NaN }, Quality.device);
      await second({ flow: 50 + random.normal() });
    }
    expect(findings.filter(({ kind }) => kind === 'bad-data')).toEqual([]);
  });
});

describe('detection without what it needs', () => {
  it('names an unreadable calibration and goes on with limits and wire quality', async () => {
    const { notices, second, findings } = bench({
      roles: ['flow'],
      detectors: [{ detector: 'data-quality', kind: 'bad-data', options: {} }],
      parts: { calibrationFile: '/nowhere/calibration.json' },
    });
    expect(notices.map(({ code }) => code)).toEqual(['LL-DETECT-CALIBRATION']);
    expect(notices[0]?.message).toContain('/nowhere/calibration.json');
    for (let count = 0; count < 35; count++) await second({ flow: Number.NaN }, Quality.stale);
    expect(findings).toHaveLength(1);
  });

  it('warns of a detector that does not exist and attaches the rest', async () => {
    const warnings: unknown[] = [];
    const warn = (fields: Readonly<Record<string, unknown>>) => warnings.push(fields['code']);
    const quiet = () => undefined;
    const { detection } = bench({
      roles: ['flow'],
      detectors: [
        { detector: 'oracle', kind: 'fate', options: {} },
        { detector: 'data-quality', kind: 'bad-data', options: { colour: 'red' } },
        { detector: 'data-quality', kind: 'bad-data', options: {} },
      ],
      parts: { log: { debug: quiet, info: quiet, warn, error: quiet } },
    });
    expect(warnings).toEqual(['LL-DETECT-OPTIONS', 'LL-DETECT-OPTIONS']);
    expect(detection.status().detectors).toEqual({ 'data-quality': 1, instrument: 1 });
  });
});
