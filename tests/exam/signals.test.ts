import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { createCity } from '../../simulator/city/city.ts';
import { SignalRecorder } from '../../simulator/exam/signals.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { startMs } from './desk.ts';

it('shows the course of a tag whose instrument fails, even where it has no role at its asset', async () => {
  const city = await createCity({ seed: 1, startMs, utilities: ['water'] });
  try {
    const scans = createScans(city.plcs, seededRandom(1, 'plc'));
    const roleless = new Set(
      city.plcs.flatMap(({ id, points }) => points.flatMap(({ name, role }) => (role ? [] : [`${id}/${name}`]))),
    );
    const bias = city.happenings.find(({ kind }) => kind === 'sensor.bias');
    const target = bias?.targets.find((tag) => roleless.has(tag)) ?? '';
    const recorder = new SignalRecorder(scans);
    const live = (seconds: number) => {
      for (let at = 0; at < seconds; at += 10) {
        city.step(10);
        for (const scan of scans) scan.scan();
        recorder.take(city.nowMs, []);
      }
    };
    live(300);
    const truth = city.start({
      ...{ id: 'a', kind: 'sensor.bias', target, magnitude: 20, durationS: 300 },
      startMs: city.nowMs,
    });
    recorder.take(city.nowMs, [truth]);
    live(300);
    expect(target).not.toBe('');
    expect(recorder.of('a')[0]?.tag).toBe(target);
  } finally {
    city.dispose();
  }
});
