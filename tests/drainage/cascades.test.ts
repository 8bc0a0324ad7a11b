import { describe, expect, it } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';
import { cityWiring } from '../../simulator/city/wiring.ts';

const startMs = Date.parse('2026-10-14T09:00:00+08:00');

const readerOf = (city: City) => {
  const points = new Map(
    city.plcs.flatMap((plc) => plc.points.map((point) => [`${point.asset}:${point.role}` as string, point] as const)),
  );
  return (tag: string) => points.get(tag)!.read();
};

/** Plays a cause in a city with its wires into the drainage, or without; gives what tags show an hour later. */
async function play(
  cause: readonly [string, string, number],
  utilities: readonly string[],
  wired: boolean,
  tags: string[],
) {
  const wiring = cityWiring.filter(({ to }) => wired || !to.startsWith('drainage/'));
  expect(wiring.length).toBeGreaterThan(0);
  const city = await createCity({ seed: 5, startMs, utilities: [...utilities, 'drainage'], wiring });
  const [kind, target, magnitude] = cause;
  const { affected } = city.start({ id: 'cause', kind, target, magnitude, durationS: 0, startMs });
  for (let done = 0; done < 3600; done += 10) city.step(10);
  const shown = tags.map(readerOf(city));
  city.dispose();
  return { affected, shown };
}

describe('from other utilities', () => {
  it('an outage of a 10 kV line reaches the pumps of an underpass, and its truth names the underpass', async () => {
    const cause = ['power.feeder-trip', 'feeder-2', 6] as const;
    const struck = await play(cause, ['power'], true, ['up-1:mains', 'up-2:mains']);
    expect(struck.shown).toEqual([0, 1]);
    expect(struck.affected).toContain('up-1');
    expect((await play(cause, ['power'], false, ['up-1:mains'])).shown).toEqual([1]);
  });

  it('gas of a broken main gets into the manhole beside it', async () => {
    const cause = ['gas.third-party-damage', 'gas-d4', 8_000] as const;
    const struck = await play(cause, ['gas'], true, ['mh-1:ch4', 'mh-7:ch4']);
    expect(struck.shown[0]).toBeGreaterThan(20);
    expect(struck.shown[1]).toBeLessThan(3);
    expect(struck.affected).toContain('mh-1');
    expect((await play(cause, ['gas'], false, ['mh-1:ch4'])).shown[0]).toBeLessThan(3);
  });

  it('water of a burst main runs into the sewer and thins the sewage', async () => {
    const cause = ['water.burst', 'dma-1', 70] as const;
    const tags = ['mh-3:filling', 'lift-1:conductivity'];
    const { shown: struck } = await play(cause, ['water'], true, tags);
    const { shown: unwired } = await play(cause, ['water'], false, tags);
    expect(struck[0]).toBeGreaterThan(unwired[0]! + 1);
    expect(struck[1]).toBeLessThan(unwired[1]! - 0.05);
  });
});
