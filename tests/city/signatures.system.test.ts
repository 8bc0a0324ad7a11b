import { describe, expect, it } from 'vitest';
import { createCity } from '../../simulator/city/city.ts';
import { conditionsOf } from '../../simulator/city/conditions.ts';
import type { HappeningKind } from '../../simulator/city/happening.ts';
import { plants } from '../../simulator/city/plants.ts';
import { observability } from '../../simulator/exam/observable.ts';

const seed = 6;
const holds = conditionsOf(seed);
/** A frosty night, a winter's day and a summer's day: each condition holds at one of them. */
const moments = ['2027-01-16T20:00:00+08:00', '2027-01-12T10:00:00+08:00', '2027-07-15T14:00:00+08:00'].map((text) =>
  Date.parse(text),
);
/** Time in which one shows that needs no longer, min. */
const usualMin = 30;
/** A methane sensor that no longer answers shows only while there is methane. */
const hidden = ['gallery.sensor-poisoning'];

async function kindsOf(utility: string): Promise<readonly HappeningKind[]> {
  const city = await createCity({ seed, startMs: moments[0] as number, utilities: [utility] });
  city.dispose();
  return city.happenings.filter(({ kind }) => kind.startsWith(`${utility}.`) && !hidden.includes(kind));
}

for (const utility of Object.keys(plants)) {
  const kinds = await kindsOf(utility);
  describe(`what happens to ${utility}`, () => {
    it.each(kinds.map((kind) => [kind.kind, kind] as const))(
      '%s shows on some sensor, of middling size, when and as long as is usual',
      async (name, { targets, magnitude, when, lastsMin }) => {
        const startMs = moments.find((moment) => when === undefined || holds(when, moment));
        if (startMs === undefined) throw new Error(`none of the moments is one of ${when}`);
        const happening = {
          ...{ id: name, kind: name, target: targets[targets.length >>> 1] as string, startMs },
          durationS: 60 * (lastsMin?.[0] ?? usualMin),
          magnitude: Number((0.4 * magnitude.low + 0.6 * magnitude.high).toPrecision(3)),
        };
        const seen: boolean[] = [];
        const asked = observability([{ happening, utility }], { seed, utilities: [utility] });
        for await (const [, observable] of asked) seen.push(observable);
        expect(seen).toEqual([true]);
      },
      120_000,
    );
  });
}
