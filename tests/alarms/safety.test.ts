import { describe, expect, it } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { loadPacks, parsePack } from '../../edge/config/packs.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { claim, told } from './desk.ts';

const { packs } = await loadPacks('models');
const safety = [...packs.values()].flatMap(({ pack, assets }) =>
  Object.entries(assets).flatMap(([kind, { alarms }]) =>
    Object.entries(alarms).flatMap(([name, alarm]) => (alarm.safety ? [{ pack, kind, name, alarm }] : [])),
  ),
);
const byPack = Map.groupBy(safety, ({ pack }) => pack);

describe('alarms of the safety class', () => {
  it('are there for gas, smoke, oxygen and flood', () => {
    const names = safety.map(({ pack, name }) => `${pack}/${name}`);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['gas/cabinet-leak', 'gallery/methane-high', 'gallery/fire', 'gallery/oxygen-low', 'gallery/flood'],
        ...['drainage/road-flooded', 'drainage/road-closed', 'drainage/underpass-flood', 'drainage/methane-high'],
      ]),
    );
    expect(packs.get('drainage')?.assets['manhole']?.alarms['flood']?.safety).toBe(false);
  });

  it('say what is to be done step by step, people first, wherever gas, fire, oxygen or water threatens them', () => {
    const without = safety.filter(({ alarm }) => !alarm.steps).map(({ pack, name }) => `${pack}/${name}`);
    expect(without).toEqual([]);
  });

  it.each([...byPack])(
    'of pack %s are hidden by nothing but one shelving of one acknowledged instance',
    (_, alarms) => {
      for (const { kind, name, alarm } of alarms) {
        const id = `${kind}-1/${name}`;
        const catalogue = {
          subject: (subject: string) => ({ id: subject, name: subject, utility: 'u', grid: '', location: undefined }),
          alarm: () => alarm,
          value: () => 0,
        };
        const register = new AlarmRegister(catalogue, () => 'under maintenance');
        const shelve = (at: number) =>
          register.shelve(id, { by: 'op', reason: 'known', at, until: at + 3_600_000, once: false });
        for (let second = 0; second < 20; second += 2) {
          expect(told(register.take(claim(id, 1000 * second)))).toEqual(['raised active-unacknowledged']);
          expect(shelve(1000 * second)).toBeInstanceOf(LifelineError);
          expect(told(register.take(claim(id, 1000 * second + 900, false)))[0]).toMatch(/^cleared /);
          expect(shelve(1000 * second + 950)).toBeInstanceOf(LifelineError);
          expect(register.tick(1000 * second + 990)).toEqual([]);
        }
        register.take(claim(id, 30_000));
        register.acknowledge(id, 'op', 31_000);
        expect(told(shelve(32_000))).toEqual(['shelved shelved']);
        const over = told(register.take(claim(id, 33_000, false)));
        expect(over).toEqual(['cleared shelved', 'unshelved normal']);
        expect(told(register.take(claim(id, 34_000)))).toEqual(['raised active-unacknowledged']);
      }
    },
  );

  it('are refused a suppression in any pack', () => {
    const pack = (suppression: string) => `
pack: p
version: 1
name: { zh: 文, en: text }
assets:
  a:
    name: { zh: 文, en: text }
    roles: { run: { name: { zh: 文, en: text }, unit: "" } }
    alarms:
      worse: { priority: high, riskLevel: II, message: &t { zh: 文, en: text }, cause: *t, response: *t }
      gas: { priority: high, riskLevel: II, safety: true, ${suppression}, message: *t, cause: *t, response: *t }
`;
    const problemsOf = (suppression: string) => parsePack('pack.yaml', pack(suppression)).problems;
    expect(problemsOf('latching: true')).toEqual([]);
    for (const suppression of ['suppressedBy: [worse]', 'suppressedWhile: { role: run, equals: 0 }'])
      expect(problemsOf(suppression)[0]).toMatchObject({
        line: 11,
        message: expect.stringContaining('never suppressed'),
      });
  });
});
