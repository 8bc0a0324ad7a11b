import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../../edge/cli/product.ts';
import { checkAgainst, parseLocatedYaml } from '../../../edge/config/located-yaml.ts';
import { loadPacks } from '../../../edge/config/packs.ts';
import type { Event } from '../../../edge/core/event.ts';
import { cityCase, isCase } from '../../../edge/upstream/webhook/city-case.ts';
import { type Mapping, mappingSpec } from '../../../edge/upstream/webhook/mapping-spec.ts';
import { objectionIn } from '../../../edge/upstream/webhook/platform-answer.ts';

const folder = fileURLToPath(new URL('testcases/', import.meta.url));
const shipped = `${loadContext.modelsFolder}/platforms/city-12319.yaml`;
const source = { gateway: 'hrb-07', assetName: (asset: string) => `资产 ${asset}` };

const checked = (file: string, text = readFileSync(file, 'utf8')) =>
  checkAgainst(parseLocatedYaml(file, text), mappingSpec);

function mappingIn(file: string): Mapping {
  const { value, problems } = checked(file);
  expect(problems).toEqual([]);
  return value!;
}

describe('an alarm as a case of a city’s platform', () => {
  it.each(readdirSync(folder))('%s equals its golden file', (name) => {
    const own = `${folder}${name}/mapping.yaml`;
    const event: Event = JSON.parse(readFileSync(`${folder}${name}/event.json`, 'utf8'));
    const made = cityCase(mappingIn(existsSync(own) ? own : shipped), event, source);
    expect(made).toEqual(JSON.parse(readFileSync(`${folder}${name}/expected.json`, 'utf8')));
  });

  it('is made of what the mapping names, of the levels that it asks for, and of every safety alarm', () => {
    const mapping = mappingIn(shipped);
    const event: Event = JSON.parse(readFileSync(`${folder}gas-handed-over/event.json`, 'utf8'));
    const of = (data: object, type: Event['type'] = 'alarm.raised') =>
      isCase(mapping, { ...event, type, data: { ...event.data, ...data } });
    expect(of({})).toBe(true);
    expect(of({}, 'alarm.judged')).toBe(false);
    expect(of({}, 'incident.opened')).toBe(false);
    expect(of({ riskLevel: 'IV' })).toBe(false);
    expect(of({ riskLevel: 'IV', safety: true })).toBe(true);
    expect(of({ safety: true, simulated: true })).toBe(false);
    const tested = { ...event, data: { ...event.data, simulated: true } };
    expect(isCase({ ...mapping, tests: true }, tested)).toBe(true);
  });
});

describe('the shipped mapping', () => {
  it('names only kinds of alarms that some pack has, and the name of every class that a pack gives', async () => {
    const mapping = mappingIn(shipped);
    const { packs } = await loadPacks(loadContext.modelsFolder);
    const alarms = [...packs.values()].flatMap(({ pack, assets }) =>
      Object.values(assets).flatMap(({ alarms: ofKind }) =>
        Object.entries(ofKind).map(([kind, alarm]) => ({ name: `${pack}.${kind}`, alarm })),
      ),
    );
    const known = new Set([...alarms.map(({ name }) => name), ...packs.keys(), 'other']);
    const named = [mapping.classes, mapping.units, mapping.emergency].flatMap((table) => Object.keys(table));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const classes = new Set(alarms.flatMap(({ alarm }) => alarm.eventClass ?? []));
    expect([...classes].filter((code) => !mapping.classNames[code])).toEqual([]);
  });

  it('hands fire, gas that can explode and live lamp posts over to 110 or 119', () => {
    const { emergency } = mappingIn(shipped);
    for (const kind of [
      'gallery.fire',
      'gas.main-damage',
      'gas.third-party-damage',
      'gallery.methane-very-high',
      'lighting.leakage-dangerous',
    ])
      expect(
        emergency[kind]?.some((number) => number === '119' || number === '110'),
        kind,
      ).toBe(true);
  });
});

describe('a mistake in a mapping', () => {
  const text = readFileSync(shipped, 'utf8');
  it.each([
    [
      'a field that there is not',
      ['"{riskCode}"', '"{riskcode}"'],
      /^there is no field \{riskcode\}; there are: id, case, /,
      'body.riskLevel.code',
    ],
    [
      'a level that there is not',
      ['riskLevels: [I, II, III]', 'riskLevels: [I, V]'],
      /expected one of/,
      'riskLevels[1]',
    ],
    [
      'a number nobody answers',
      ['gallery.fire: ["119"]', 'gallery.fire: ["911"]'],
      /expected one of/,
      'emergency.gallery.fire[0]',
    ],
    [
      'a grid without its parameters',
      ['system: cgcs2000 }', 'system: city-grid }'],
      /^city-grid needs fourParameters/,
      'location.system',
    ],
    [
      'a key that there is not',
      ['reporter: { name: 城市生命线监测, phone', 'reporter: { name: x, fone'],
      /^unknown key "fone"/,
      'reporter.fone',
    ],
    ['a zone that there is not', ['Asia/Shanghai', 'Asia/Nangang'], /^not a time zone/, 'timeZone'],
  ] as const)('%s is told with its place', (_, [from, to], message, path) => {
    expect(text).toContain(from);
    const broken = text.replace(from, to);
    const { problems } = checked('city.yaml', broken);
    expect(problems).toMatchObject([{ file: 'city.yaml', message: expect.stringMatching(message), path }]);
    const changed = to.split('\n')[0]!;
    expect(broken.split('\n')[problems[0]!.line - 1]).toContain(changed);
  });
});

describe('a platform that answers 2xx', () => {
  const mapping = { answer: { field: 'code', accepted: [0, '200'], again: [500] } } as unknown as Mapping;
  it.each([
    ['{"code":0}', undefined],
    ['{"code":"0"}', undefined],
    ['{"code":200,"msg":"ok"}', undefined],
    ['{"code":500}', 'again'],
    ['{"code":40001,"msg":"unknown class"}', 'refused'],
    ['{"msg":"ok"}', 'again'],
    ['<html>login</html>', 'again'],
    ['', 'again'],
  ])('and says %s means %s', (text, expected) => {
    expect(objectionIn(text, mapping)).toBe(expected);
  });

  it('has taken the case where the mapping looks at no field', () => {
    expect(objectionIn('anything', {} as Mapping)).toBeUndefined();
  });
});
