import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../edge/core/finding.ts';
import { Quality } from '../../edge/core/quality.ts';
import { bench, limit } from './plant.ts';

const told = (findings: readonly Finding[]) =>
  findings.map(({ active, simulated }) => `${simulated ? 'simulated ' : ''}${active ? 'on' : 'off'}`);

/** A bench on which tags can be simulated. */
function tested(options: Omit<Parameters<typeof bench>[0], 'parts'>) {
  const simulated = new Set<number>();
  const plant = bench({ ...options, parts: { simulated: (tag) => simulated.has(tag) } });
  const simulate = (role: string, on: boolean) => {
    const tag = options.roles.indexOf(role);
    if (on) simulated.add(tag);
    else simulated.delete(tag);
  };
  const substituted = (value: number) => plant.second({ value }, Quality.substituted);
  return { ...plant, simulate, substituted };
}

describe('a limit on a simulated value', () => {
  it('stands after its delay and ends with its hysteresis, marked as simulated, as if it were measured', async () => {
    const { second, substituted, simulate, findings } = tested({
      ...{ roles: ['value'], limits: [limit({ onDelayS: 2, hysteresis: 2 })] },
    });
    await second({ value: 5 });
    simulate('value', true);
    for (const value of [11, 11, 11]) await substituted(value);
    expect(told(findings)).toEqual(['simulated on']);
    await substituted(9);
    expect(told(findings)).toEqual(['simulated on']);
    await substituted(7);
    expect(told(findings)).toEqual(['simulated on', 'simulated off']);
  });

  it('takes a value beyond the range as it would a measured one: only safety heeds it', async () => {
    const plain = tested({ roles: ['value'], limits: [limit({})] });
    plain.simulate('value', true);
    await plain.substituted(200);
    expect(plain.findings).toEqual([]);
    const safe = tested({ roles: ['value'], limits: [limit({})], safety: ['high'] });
    safe.simulate('value', true);
    await safe.substituted(200);
    expect(told(safe.findings)).toEqual(['simulated on']);
  });

  it('is over with the simulation, though nothing is measured then', async () => {
    const { second, substituted, simulate, findings } = tested({
      roles: ['value'],
      limits: [limit({ offDelayS: 60 })],
    });
    simulate('value', true);
    await substituted(11);
    simulate('value', false);
    await second({ value: Number.NaN }, Quality.comm);
    expect(told(findings)).toEqual(['simulated on', 'simulated off']);
    simulate('value', true);
    await substituted(11);
    simulate('value', false);
    await second();
    expect(told(findings)).toEqual(['simulated on', 'simulated off', 'simulated on', 'simulated off']);
  });

  it('says of a measured value that it is beyond the limit though a simulated one of the same kind stands', async () => {
    const limits = [limit({}), limit({ role: 'other' })];
    const { second, substituted, simulate, findings } = tested({ roles: ['value', 'other'], limits });
    simulate('value', true);
    await substituted(11);
    await second({ other: 11 });
    expect(told(findings)).toEqual(['simulated on', 'on']);
    simulate('value', false);
    await second({ value: 1 });
    expect(told(findings)).toEqual(['simulated on', 'on']);
    await second({ other: 1 });
    expect(told(findings)).toEqual(['simulated on', 'on', 'off']);
  });

  it('is not remembered over a restart', async () => {
    const first = tested({ roles: ['value'], limits: [limit({})] });
    first.simulate('value', true);
    await first.substituted(11);
    expect(first.detection.snapshot()['limit']).toEqual({});
  });

  it('moves nothing of what is measured: whatever is simulated, measured alarms are those of measured values alone', async () => {
    const sample = fc.record({ value: fc.constantFrom(5, 9, 11), simulated: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { maxLength: 30 }),
        fc.nat(2),
        fc.nat(2),
        async (samples, onDelayS, offDelayS) => {
          const own = { roles: ['value'], limits: [limit({ onDelayS, offDelayS, hysteresis: 2 })] };
          const { second, substituted, simulate, findings } = tested(own);
          for (const { value, simulated } of samples) {
            simulate('value', simulated);
            await (simulated ? substituted(value) : second({ value }));
          }
          simulate('value', false);
          await second({ value: 5 });
          const measured = findings.filter((finding) => !finding.simulated).map(({ active }) => active);
          expect(measured).toEqual(measuredAlone([...samples, { value: 5, simulated: false }], onDelayS, offDelayS));
          const tests = findings.filter((finding) => finding.simulated).map(({ active }) => active);
          expect(tests).toEqual(tests.map((_, at) => at % 2 === 0));
          expect(tests.length % 2).toBe(0);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });
});

/** What measured values come to, second by second: a delay under way begins anew after a simulation, what stands waits for its end. */
function measuredAlone(
  samples: readonly { readonly value: number; readonly simulated: boolean }[],
  onS: number,
  offS: number,
): readonly boolean[] {
  const told: boolean[] = [];
  let active = false;
  let since: number | undefined;
  for (const [second, { value, simulated }] of samples.entries()) {
    if (simulated) {
      if (!active) since = undefined;
      continue;
    }
    const turning = active ? value <= 8 : value > 10;
    since = turning ? (since ?? second) : undefined;
    if (since === undefined || second - since < (active ? offS : onS)) continue;
    active = !active;
    since = undefined;
    told.push(active);
  }
  return told;
}
