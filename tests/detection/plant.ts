import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { Pack, PackAlarm, PackAsset, PackDetector, PackLimit } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection, type DetectionParts } from '../../edge/detection/index.ts';

export const startMs = Date.UTC(2026, 4, 12, 2, 0, 0);
const text = { zh: '', en: '' };

export const limit = (more: Partial<PackLimit>): PackLimit => ({
  ...{ kind: 'high', role: 'value', above: 10, onDelayS: 0, offDelayS: 0, hysteresis: 0, source: 'default' },
  ...more,
});

/** A calibration file with the given parts, in a folder of its own. */
export function calibrationFile(parts: Readonly<Record<string, unknown>>): string {
  const file = join(mkdtempSync(join(tmpdir(), 'lifeline-')), 'calibration.json');
  const empty = { schema: 'lifeline-calibration/1', made: {}, utcOffsetMinutes: 480, assets: {}, tags: {} };
  writeFileSync(file, JSON.stringify({ ...empty, ...parts }));
  return file;
}

/** A detection over one asset `a-1` of type `test.thing` whose roles are the given tags, fed second by second. */
export function bench(options: {
  readonly roles: readonly string[];
  readonly required?: readonly string[];
  readonly limits?: readonly PackLimit[];
  readonly detectors?: readonly PackDetector[];
  readonly safety?: readonly string[];
  /** Symptoms of kinds of finding. */
  readonly explains?: Readonly<Record<string, readonly string[]>>;
  /** What else the pack says of kinds of finding. */
  readonly alarms?: Readonly<Record<string, Partial<PackAlarm>>>;
  readonly lawfulClients?: readonly string[];
  readonly parts?: Partial<DetectionParts>;
}) {
  const { lawfulClients = [], roles, limits = [], detectors = [], safety = [], required = roles } = options;
  const alarms = [
    ...safety.map((kind) => [kind, { safety: true }] as const),
    ...Object.entries(options.explains ?? {}).map(([kind, explains]) => [kind, { explains }] as const),
    ...Object.entries(options.alarms ?? {}),
  ];
  const tags = new TagTable(
    roles.map((role) => ({
      ...{ name: `plc/${role}`, device: 'plc', point: role, unit: 'kPa', scale: 1, offset: 0, low: 0, high: 100 },
      ...{ deadband: 0, periodMs: 1000, description: '' },
    })),
  );
  const packAsset: PackAsset = {
    name: text,
    roles: Object.fromEntries(
      roles.map((role) => [role, { name: text, unit: 'kPa', required: required.includes(role) }]),
    ),
    limits,
    detectors,
    alarms: Object.fromEntries(alarms) as unknown as Readonly<Record<string, PackAlarm>>,
  };
  const pack: Pack = { pack: 'test', version: 1, name: text, figures: [], assets: { thing: packAsset } };
  const asset: Asset = {
    ...{ id: 'a-1', type: 'test.thing', name: 'A', grid: '', location: undefined, upstreamOf: [] },
    roles: Object.fromEntries(roles.map((role, index) => [role, index])),
    lawfulClients,
  };
  const clock = new VirtualClock(startMs);
  const live = new LiveTable(tags.size);
  const findings: Finding[] = [];
  const notices: LifelineError[] = [];
  const detection = createDetection({
    ...{ assets: [asset], packs: new Map([['test', pack]]), tags, live, clock, log: silentLog },
    ...{ calibrationFile: undefined, modelsFolder: '/nowhere' },
    onFinding: (finding) => findings.push(finding),
    onNotice: (error) => notices.push(error),
    ...options.parts,
  });
  const send = (values: Readonly<Record<string, number>>, quality: number = Quality.good) => {
    const entries = Object.entries(values).filter(([role]) => roles.includes(role));
    const batch = createBatch('plc', entries.length, clock.wallMs());
    for (const [row, [role, value]] of entries.entries()) {
      batch.tags[row] = roles.indexOf(role);
      batch.values[row] = value;
      batch.quality[row] = quality;
      batch.times[row] = clock.wallMs();
    }
    live.write(batch);
    detection.batch(batch);
  };
  const second = async (values?: Readonly<Record<string, number>>, quality?: number) => {
    if (values) send(values, quality);
    detection.tick();
    await clock.advance(1000);
  };
  return { clock, live, tags, detection, findings, notices, send, second };
}
