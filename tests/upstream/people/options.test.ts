import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../../edge/cli/product.ts';
import { loadGateway } from '../../../edge/config/load.ts';
import { fill } from '../../../edge/upstream/people/template.ts';
import { repository } from '../../../ops/reference/page.ts';

/** The sample as part of a whole configuration, with changes. */
async function check(...changes: readonly (readonly [string, string])[]) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-people-'));
  let sample = await readFile(join(repository, 'edge/upstream/people/sample.yaml'), 'utf8');
  for (const [from, to] of changes) {
    expect(sample).toContain(from);
    sample = sample.replace(from, to);
  }
  const device = '{ id: plc-1, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: points.csv }';
  await writeFile(join(folder, 'points.csv'), 'tag,table,address\nflow,holding,0\n');
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw-1 }\ndevices: [${device}]\n${sample}`);
  return loadGateway(join(folder, 'gateway.yaml'), loadContext);
}

describe('the configuration of people', () => {
  it('takes the sample without a word', async () => {
    const { errors, warnings } = await check();
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('tells names that nobody has where they stand', async () => {
    const { errors } = await check(['channels: [mail]', 'channels: [post]'], ['people: [li, wang]', 'people: [ly]']);
    expect(errors.map(({ path, code, fix }) => [path, code, fix])).toEqual([
      ['sinks[0].people[1].channels[0]', 'LL-PEOPLE-NAME', 'one of: chat, sms, mail'],
      ['sinks[0].roster.weekly[1].people[0]', 'LL-PEOPLE-NAME', 'one of: wang, li'],
    ]);
    expect(errors[0]!.line).toBe(8);
  });

  it('warns of times that nobody or several shifts have, and goes on', async () => {
    const { gateway, errors, warnings } = await check(['"20:00", to: "08:00"', '"19:00", to: "07:00"']);
    expect(errors).toEqual([]);
    expect(gateway).toBeDefined();
    expect(warnings).toHaveLength(14);
    expect(warnings[0]).toMatchObject({
      code: 'LL-PEOPLE-GAP',
      message: 'nobody is on duty from mon 07:00 to mon 08:00',
    });
    expect(warnings[1]).toMatchObject({ code: 'LL-PEOPLE-OVERLAP' });
  });

  it('refuses places that a template does not know, times and dates that are none', async () => {
    for (const change of [
      ['{brief}', '{tittle}'],
      ['from: "08:00"', 'from: "24:00"'],
      ['holidays: []', 'holidays: [{ dates: ["2026-02-30"], from: "08:00", to: "20:00", people: [li] }]'],
      ['timezone: Asia/Shanghai', 'timezone: Asia/Shangai'],
    ] as const) {
      const { errors } = await check(change);
      expect(
        errors.map(({ code }) => code),
        change[1],
      ).toEqual(['LL-CONFIG-VALUE']);
    }
  });
});

describe('a template', () => {
  it('keeps what is filled in one value, whatever is in it', () => {
    const hard = 'a"b\\c\n{phone}&=%井';
    expect(JSON.parse(fill('{"text":"{text}"}', { text: hard, phone: '1' }, 'json'))).toEqual({ text: hard });
    expect(new URLSearchParams(fill('to={phone}&text={text}', { text: hard, phone: '1' }, 'form')).get('text')).toBe(
      hard,
    );
  });
});
