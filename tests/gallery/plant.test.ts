import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { createPlant } from '../../simulator/gallery/plant.ts';
import { createRegisterImage } from '../../simulator/plc/register-image.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { brokenLimits, digestOf, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const days = [
  '2026-01-15T00:00:00+08:00',
  '2026-04-20T00:00:00+08:00',
  '2026-07-15T00:00:00+08:00',
  '2026-10-20T00:00:00+08:00',
];
const { packs } = await loadPacks('models');
const pack = packs.get('gallery');
if (!pack) throw new Error('models/gallery/pack.yaml does not load');
const limits = limitsByType(pack);

const happen = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: 'h-1', kind, target, magnitude, durationS, startMs: run.timeMs });

describe('gallery without happenings', () => {
  it('shows the same figures bit by bit for the same seed, and others for another', async () => {
    const digest = async (seed: number) => digestOf(await runPlant(createPlant, '2026-02-01T00:00:00Z', seed), 600, 1);
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(7)).not.toBe(await digest(8));
  });

  it('does not depend on the step: 1 s against 60 s within 0.3 K, 2 % humidity and 2 cm of water', async () => {
    const fine = await runPlant(createPlant, '2026-05-20T08:00:00Z', 4);
    const coarse = await runPlant(createPlant, '2026-05-20T08:00:00Z', 4);
    fine.go(3 * 3600, 1);
    coarse.go(3 * 3600, 60);
    for (const { id } of fine.plant.assets) {
      const apart = (role: string) => Math.abs(fine.role(id, role) - coarse.role(id, role));
      expect(apart('temperature')).toBeLessThan(0.3);
      expect(apart('humidity')).toBeLessThan(2);
      expect(apart('sump-level')).toBeLessThan(0.02);
      expect(apart('ch4')).toBeLessThan(0.01);
    }
  });

  it('keeps every true value inside its instrument', async () => {
    for (const day of days) {
      const { plant } = await runPlant(createPlant, day, 1);
      for (const point of plant.plcs.flatMap((plc) => plc.points)) {
        expect(point.read(), point.name).toBeGreaterThanOrEqual(point.low);
        expect(point.read(), point.name).toBeLessThanOrEqual(point.high);
      }
    }
  });

  it('stops the fans of the combined cabin against frost in January, and lets them run in July', async () => {
    const january = await runPlant(createPlant, '2026-01-20T00:00:00Z', 1);
    let stopped = 0;
    january.go(86_400, 60, () => {
      stopped += january.role('zone-1', 'fan-command') === 0 ? 1 : 0;
    });
    expect(stopped).toBeGreaterThan(60);
    expect(january.role('zone-4', 'fan-command')).toBe(1);
    const july = await runPlant(createPlant, '2026-07-20T00:00:00Z', 1);
    expect(july.role('zone-1', 'fan-run')).toBe(1);
  });
});

describe('happenings in the gallery', () => {
  it('raises methane to 20 % LEL by a 40 mm² hole, which starts the fans here and next door', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    const truth = happen(run, 'gallery.gas-leak', 'zone-4', 40);
    expect(truth.affected).toEqual(['zone-4', 'zone-5']);
    let seconds = 0;
    while (run.point('gallery-plc-1/z4-fan-mode') !== 3 && seconds < 3_600) {
      run.go(1, 1);
      seconds++;
    }
    expect(seconds).toBeLessThan(2_400);
    // The program sees the noise of its sensor: 0.3 % LEL.
    expect(Math.abs(run.role('zone-4', 'ch4') - 20)).toBeLessThan(1.5);
    run.go(60, 1);
    expect(run.point('gallery-plc-1/z4-fan-mode')).toBe(3);
    expect(run.point('gallery-plc-1/z5-fan-mode')).toBe(3);
    expect(run.point('gallery-plc-1/z6-fan-mode')).toBe(2);
    expect(run.point('gallery-plc-1/z1-fan-mode')).toBe(2);
    expect(run.role('zone-4', 'oxygen')).toBeLessThan(20.8);
  });

  it('needs 28 mm² to start the emergency rate from six air changes: not with 25, with 31', async () => {
    const startsFans = async (hole: number) => {
      const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
      happen(run, 'gallery.gas-leak', 'zone-4', hole);
      let started = false;
      run.go(3 * 3600, 10, () => {
        started ||= run.point('gallery-plc-1/z4-fan-mode') === 3;
      });
      return started;
    };
    expect(await startsFans(25)).toBe(false);
    expect(await startsFans(31)).toBe(true);
  });

  it('shows a tripped fan as command without feedback and without current, and half the air', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    const before = run.role('zone-5', 'ch4');
    happen(run, 'gallery.fan-failure', 'zone-5', 1, 3 * 3600);
    run.go(60, 1);
    expect([
      run.role('zone-5', 'fan-command'),
      run.role('zone-5', 'fan-run'),
      run.role('zone-5', 'fan-current'),
    ]).toEqual([1, 0, 0]);
    run.go(2 * 3600, 10);
    expect(run.role('zone-5', 'ch4') / before).toBeGreaterThan(1.6);
    run.go(2 * 3600, 10);
    expect(run.role('zone-5', 'fan-run')).toBe(1);
  });

  it('floods a sump when 60 m³/h come in, with both pumps running', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.water-ingress', 'zone-2', 60);
    run.go(900, 1);
    expect(run.role('zone-2', 'sump-level')).toBeGreaterThan(1.2);
    expect(run.role('zone-2', 'pump-run')).toBe(1);
    expect(run.point('gallery-plc-1/z2-pump2-run')).toBe(1);
    expect(run.role('zone-1', 'sump-level')).toBeLessThan(1);
  });

  it('shows a cable fire by smoke within two minutes, then by CO and heat, with the fans stopped', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.fire', 'zone-2', 600);
    run.go(120, 1);
    expect(run.role('zone-2', 'smoke')).toBe(1);
    run.go(600, 1);
    expect(run.role('zone-2', 'temperature')).toBeGreaterThan(40);
    expect(run.role('zone-2', 'co')).toBeGreaterThan(30);
    expect(run.role('zone-2', 'oxygen')).toBeLessThan(20.9);
    expect([1, 2, 3].map((zone) => run.role(`zone-${zone}`, 'fan-command'))).toEqual([0, 0, 0]);
  });

  it('stays finite in the largest fire, which dies for want of oxygen, and recovers within a day of its end', async () => {
    const run = await runPlant(createPlant, '2026-01-20T00:00:00Z', 1);
    happen(run, 'gallery.fire', 'zone-2', 2_000, 7_200);
    let hottest = 0;
    const broken = new Set<string>();
    run.go(7_200, 2, () => {
      hottest = Math.max(hottest, run.role('zone-2', 'temperature'));
      for (const point of run.plant.plcs[0]!.points) if (!Number.isFinite(point.read())) broken.add(point.name);
    });
    expect([...broken]).toEqual([]);
    expect(hottest).toBeGreaterThan(60);
    expect(run.role('zone-2', 'oxygen')).toBeLessThan(19.5);
    run.go(86_400, 60);
    expect(run.role('zone-2', 'smoke')).toBe(0);
    expect(run.role('zone-2', 'oxygen')).toBeGreaterThan(20.5);
    expect(run.role('zone-2', 'temperature')).toBeLessThan(20);
  });

  it('reports an intrusion but not an inspection, and an inspection breaks no limit', async () => {
    for (const day of ['2026-01-15T02:00:00Z', '2026-07-15T02:00:00Z']) {
      const run = await runPlant(createPlant, day, 1);
      const before = run.point('gallery-plc-1/z2-co2');
      expect(happen(run, 'gallery.inspection', 'zone-2', 4, 3_600).decoy).toBe(true);
      expect(brokenLimits(run, limits, 3_000, 5)).toEqual([]);
      expect(run.point('gallery-plc-1/z2-hatch')).toBe(1);
      expect(run.point('gallery-plc-1/z2-light')).toBe(1);
      expect(run.role('zone-2', 'fan-run')).toBe(1);
      expect(run.point('gallery-plc-1/z2-co2')).toBeGreaterThan(before + 5);
      expect(brokenLimits(run, limits, 3_600, 5)).toEqual([]);
      happen(run, 'gallery.intrusion', 'zone-2', 2, 60);
      run.go(5, 1);
      expect(run.role('zone-2', 'intrusion')).toBe(1);
      run.go(120, 1);
      expect(run.role('zone-2', 'intrusion')).toBe(0);
    }
  });

  it('floods by a little water when both pumps have tripped', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.pump-failure', 'zone-8', 1, 12 * 3600);
    happen(run, 'gallery.water-ingress', 'zone-8', 5, 12 * 3600);
    run.go(3 * 3600, 10);
    expect(run.role('zone-8', 'sump-level')).toBeGreaterThan(1.2);
    expect([run.role('zone-8', 'pump-run'), run.point('gallery-plc-2/z8-sump-high')]).toEqual([0, 1]);
    run.go(13 * 3600, 10);
    expect(run.role('zone-8', 'sump-level')).toBeLessThan(1.2);
  });

  it('heats a bad joint with the square of the load: by evening, not by night', async () => {
    const run = await runPlant(createPlant, '2026-05-20T19:00:00Z', 1);
    const cool = run.role('zone-9', 'cable-temperature');
    happen(run, 'gallery.hot-joint', 'zone-9', 60);
    run.go(60, 1);
    expect(run.role('zone-9', 'cable-temperature') - cool).toBeLessThan(0.25 * 60);
    run.go(14 * 3600, 60);
    expect(run.role('zone-9', 'cable-temperature')).toBeGreaterThan(70);
  });

  it('loses oxygen to inert gas in proportion, and the fans answer', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.oxygen-loss', 'zone-7', 400);
    run.go(1800, 1);
    expect(run.role('zone-7', 'oxygen')).toBeLessThan(20);
    expect(run.point('gallery-plc-2/z7-fan-mode')).toBe(3);
    const before = run.role('zone-7', 'oxygen');
    run.go(3600, 10);
    expect(run.role('zone-7', 'oxygen')).toBeGreaterThan(before - 1);
  });

  it('fills with H2S from a sewer until the emergency rate carries it away', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.sewage-gas', 'zone-3', 20, 4 * 3600);
    const seen: number[] = [];
    for (let minute = 0; minute < 120; minute++) {
      run.go(60, 10);
      seen.push(run.role('zone-3', 'h2s'));
    }
    expect(Math.max(...seen)).toBeGreaterThan(10);
    expect(run.role('zone-3', 'h2s')).toBeGreaterThan(5);
    run.go(6 * 3600, 10);
    expect(run.role('zone-3', 'h2s')).toBeLessThan(1);
  });

  it('hides gas behind a poisoned sensor from the PLC too, whose fans then do not answer', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    happen(run, 'gallery.sensor-poisoning', 'zone-11', 100);
    happen(run, 'gallery.gas-leak', 'zone-11', 60);
    run.go(3600, 10);
    expect([run.role('zone-11', 'ch4'), run.point('gallery-plc-2/z11-fan-mode')]).toEqual([0, 2]);
    expect(run.role('zone-11', 'oxygen')).toBeLessThan(20.7);
  });

  it('keeps the winter out behind a frozen shutter: fans run, less air comes', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    const before = run.role('zone-12', 'ch4');
    happen(run, 'gallery.frozen-shutter', 'zone-12', 80);
    run.go(3 * 3600, 10);
    expect(run.role('zone-12', 'fan-run')).toBe(1);
    expect(run.role('zone-12', 'ch4') / before).toBeGreaterThan(2.5);
  });

  it.each([
    ['gas-leak', 'zone-4', 60, ['gas-leak']],
    ['fan-failure', 'zone-5', 1, ['fan-failure']],
    ['pump-failure', 'zone-6', 1, ['pump-failure']],
    ['sewage-gas', 'zone-3', 60, ['sewage-gas']],
    ['water-ingress', 'zone-2', 150, ['water-ingress', 'flood']],
    ['fire', 'zone-9', 600, ['fire', 'co-high']],
  ] as const)('breaks first the limit that is named after it: %s', async (name, target, magnitude, kinds) => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 5);
    happen(run, `gallery.${name}`, target, magnitude);
    const broken = brokenLimits(run, limits, 200, 1).map((line) => line.split(' ')[0]);
    expect([...new Set(broken)]).toEqual(kinds.map((kind) => `${target}/${kind}`));
  });

  it('breaks no limit by a fire drill, whose people open the hatch', async () => {
    const run = await runPlant(createPlant, '2026-05-20T02:00:00Z', 3);
    expect(happen(run, 'gallery.fire-drill', 'zone-2', 20, 1800).decoy).toBe(true);
    run.go(60, 1);
    expect([run.point('gallery-plc-1/z2-hatch'), run.role('zone-2', 'intrusion')]).toEqual([1, 0]);
    expect(brokenLimits(run, limits, 2400, 10)).toEqual([]);
  });

  it('refuses unknown kinds and a gas leak where there is no gas main', async () => {
    const run = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    expect(() => happen(run, 'gallery.flood', 'zone-1', 1)).toThrow(RangeError);
    expect(() => happen(run, 'gallery.gas-leak', 'zone-1', 1)).toThrow(RangeError);
  });
});

describe('PLC of the gallery', () => {
  it('is an OPC UA server under one street and a Modbus controller under the other, with the same points', async () => {
    const { plant } = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    expect(plant.plcs.map((plc) => [plc.id, plc.protocol])).toEqual([
      ['gallery-plc-1', 'opcua'],
      ['gallery-plc-2', 'modbus-tcp'],
    ]);
    const names = plant.plcs.map(({ points }) => points.map(({ name }) => name));
    for (const [plc, ofPlc] of names.entries()) {
      expect(new Set(ofPlc).size).toBe(ofPlc.length);
      for (let zone = 1 + 6 * plc; zone <= 6 + 6 * plc; zone++) {
        expect(ofPlc.filter((name) => name.startsWith(`z${zone}-`)).length).toBeGreaterThanOrEqual(22);
      }
    }
    expect(names[1]!.map((name) => name.replace(/^z\d+/, 'z')).sort()).toEqual(
      names[0]!.map((name) => name.replace(/^z\d+/, 'z')).sort(),
    );
    const [opcua, modbus] = plant.plcs.map(({ points }) => new Set(points.map((point) => point.type)));
    expect(opcua).toEqual(new Set(['float64', 'bool', 'int32', 'uint32']));
    expect(modbus).toEqual(new Set(['float32', 'bool', 'uint16', 'uint32']));
    expect(() => createRegisterImage(createScan(plant.plcs[1]!, seededRandom(1)))).not.toThrow();
  });

  it("fills every role of the pack in the pack's unit", async () => {
    const { plant } = await runPlant(createPlant, '2026-05-20T00:00:00Z', 1);
    const roles = pack.assets['compartment']!.roles;
    for (const asset of plant.assets) {
      for (const [role, expected] of Object.entries(roles)) {
        const points = plant.plcs.flatMap((plc) => plc.points);
        const point = points.find((entry) => entry.asset === asset.id && entry.role === role);
        expect(point?.unit, `${asset.id} ${role}`).toBe(expected.unit);
      }
    }
  });
});
