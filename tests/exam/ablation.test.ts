import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ablationTable, watchingDetectors, withoutJson } from '../../edge/cli/exam/ablation.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { silentLog } from '../../edge/core/log.ts';
import { type Ablation, ablate } from '../../simulator/exam/ablation.ts';
import type { ExamCity } from '../../simulator/exam/exam.ts';
import { writeOwnGateway } from '../../simulator/exam/own-gateway.ts';
import { suites } from '../../simulator/exam/suites.ts';
import { calibration, startMs } from './desk.ts';

const [smoke] = suites;
if (!smoke) throw new Error('there is no suite');
const burst = {
  ...{ id: 'burst-1', kind: 'water.burst', target: 'dma-2', magnitude: 22, durationS: 0 },
  startMs: startMs + 75_000,
};

describe('an exam without one detector after the other', () => {
  let folder = '';
  let ablation: Ablation;
  let watching: readonly string[] = [];
  const sittings: (string | undefined)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifeline-ablation-'));
    ablation = await ablate({
      ...{ suite: { ...smoke, hours: 1 / 20 }, city: { seed: 1, startMs, utilities: ['water'] }, log: silentLog },
      happeningsOf: () => [burst],
      gatewayOf,
      folderOf: (sitting) => join(folder, sitting),
      detectorsOf: (gateway) => {
        watching = watchingDetectors(gateway, false);
        return ['district-burst', 'counter'];
      },
      onSitting: (detector) => sittings.push(detector),
    });
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function gatewayOf(city: ExamCity) {
    const file = await writeOwnGateway(join(folder, 'gateway'), city, loadContext.modelsFolder);
    await copyFile(calibration, join(folder, 'gateway', 'calibration.json'));
    const { gateway } = await loadGateway(file, loadContext);
    if (!gateway) throw new Error('the own gateway has mistakes');
    return gateway;
  }

  it('sits once complete and once without each, and names what only the complete gateway finds', () => {
    expect(sittings).toEqual([undefined, 'district-burst', 'counter']);
    expect(ablation.complete.score.overall.detected).toBe(1);
    const [withoutBurst, withoutCounter] = ablation.without;
    expect(withoutBurst?.lost).toEqual(['burst-1']);
    expect(withoutBurst?.score.overall).toMatchObject({ observable: 1, recall: 0 });
    expect(withoutCounter).toMatchObject({ hash: ablation.complete.hash, lost: [], gained: [] });
  });

  it('can leave out what watches something in the city, and learned models where there are any', () => {
    expect(watching).toEqual(expect.arrayContaining(['instrument', 'limit', 'district-burst', 'counter', 'residual']));
    expect(watching).not.toContain('learned-model');
    expect(watching).not.toContain('jump');
  });

  it('tells each figure without a detector beside what the detector changes', () => {
    const [heading, complete, withoutBurst, withoutCounter] = ablationTable(ablation).map((line) =>
      line.split(/ {2,}/),
    );
    expect(heading?.slice(1, 3)).toEqual(['detected', 'recall']);
    expect(complete?.slice(0, 3)).toEqual(['complete', '1', '1']);
    expect(withoutBurst?.slice(0, 3)).toEqual(['without district-burst', '0 (+1)', '0 (+1)']);
    expect(withoutCounter?.slice(0, 3)).toEqual(['without counter', '1', '1']);
    expect(ablation.without.map(withoutJson)[0]).toMatchObject({ without: 'district-burst', overall: { detected: 0 } });
  });
});
