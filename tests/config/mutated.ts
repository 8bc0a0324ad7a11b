import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadTexts } from '../../edge/config/configuration-texts.ts';
import type { Problem } from '../../edge/config/problem.ts';
import type { Random } from '../../edge/core/random.ts';

const pack = `pack: water
version: 1
name: { zh: 供水, en: Water }
assets:
  district:
    name: { zh: 分区, en: District }
    roles:
      inflow: { name: { zh: 进水, en: Inflow }, unit: m3/h, required: true }
      pressure: { name: { zh: 压力, en: Pressure }, unit: MPa, required: true }
`;

const yaml = `gateway: { id: gw-1, name: 城东, timezone: Asia/Shanghai }
devices:
  - { id: plc-1, driver: modbus, endpoint: "tcp://127.0.0.1:502", unit: 3, points: plc-1.csv }
  - { id: plc-2, driver: modbus, endpoint: "serial:///dev/ttyS0?baud=9600", notation: modicon5, points: plc-2.csv }
  - { id: ua-1, driver: opcua, endpoint: "opc.tcp://127.0.0.1:4840", security: { policy: None }, points: ua-1.csv }
calculated:
  - { tag: dma-1/net, expression: "[plc-1/flow] - hold([plc-1/flow], '5min')", unit: m3/h }
  - { tag: dma-1/twice, expression: "if([dma-1/net] > 2 && good([plc-1/p1]), [dma-1/net] * 2, 0)", period: 5s }
assets:
  - { id: dma-1, type: water.district, location: [126.6, 45.7], roles: { inflow: plc-1/flow } }
  - { id: dma-2, type: water.district, upstreamOf: [dma-1], roles: { inflow: dma-1/net, pressure: plc-1/p1 } }
sinks:
  - { id: city, sink: mqtt-json, url: "mqtt://127.0.0.1:1883" }
console: { port: 8080, role: operator }
journal: { keep: 400d }
history: { raw: { measurement: 30d } }
`;
const tables: Readonly<Record<string, string>> = {
  'plc-1.csv': `tag,table,address,type,unit,asset,role,group,states,low,high
flow,holding,0,float32,m3/h,,,200ms,,0,500
p1,holding,2,float32,MPa,dma-1,pressure,,,,
run,coil,0,,,,,,0=停;1=运行,,
`,
  'plc-2.csv': `点名,地址,数据类型,单位,采集周期,描述
level,40001,uint16,m,1s,水位
state,40002,uint16,,1s,状态
`,
  'ua-1.csv': `tag,node,type,unit
t1,ns=2;s=plc.temp,float64,Cel
t2,"ns=2;s=plc.""x""",float64,Cel
`,
};
const oddities = [
  ...['"', "'", '{', '}', '[', ']', ':', ',', '\t', '\n', '- ', '#', '&a ', '*a', '!secret x', '!!binary ', '|', '>'],
  ...['\u0000', '\uFEFF', '\uFFFD', '水', '-1', '1e999', '0x10', '.nan', 'null', '~', 'true', '2027-01-01', 'id', '..'],
  ...['%', '=', '@', '\\', '((', ')', "'5min'", '[plc-1/', '99999999', '=HYPERLINK("x")', '#REF!', '<<: ', '? '],
];

/** One to four changes of a text: characters and lines taken away, doubled, moved, and what does not belong there. */
function mutated(text: string, random: Random): string {
  let changed = text;
  for (let left = random.integer(1, 4); left > 0; left--) {
    const at = random.integer(0, changed.length);
    const lines = changed.split('\n');
    const line = random.integer(0, lines.length - 1);
    switch (random.integer(0, 5)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(at + random.integer(1, 8));
        break;
      case 1:
        changed = changed.slice(0, at) + oddities[random.integer(0, oddities.length - 1)] + changed.slice(at);
        break;
      case 2:
        lines.splice(line, 1);
        changed = lines.join('\n');
        break;
      case 3:
        lines.splice(random.integer(0, lines.length), 0, lines[line] ?? '');
        changed = lines.join('\n');
        break;
      case 4:
        changed = changed.slice(0, at) + String.fromCodePoint(random.integer(1, 0xff)) + changed.slice(at + 1);
        break;
      default: {
        // a word in the place of another
        const words = [...changed.matchAll(/[\p{L}\p{N}./-]+/gu)];
        const [one, other] = [words[random.integer(0, words.length - 1)], words[random.integer(0, words.length - 1)]];
        if (one && other) {
          changed = changed.slice(0, one.index) + other[0] + changed.slice(one.index + one[0].length);
        }
      }
    }
  }
  return changed;
}

/**
 * Judges so many configurations with mistakes: none is a crash, and whatever is wrong has file, line and column, a code and
 * what to do, in both languages. Resolves with how many were good all the same, and how many codes were met.
 */
export async function judgeMutated(
  count: number,
  random: Random,
): Promise<{ readonly good: number; readonly codes: ReadonlySet<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-mutated-'));
  await mkdir(join(folder, 'models/water'), { recursive: true });
  await writeFile(join(folder, 'models/water/pack.yaml'), pack);
  const file = join(folder, 'gateway.yaml');
  const context = { ...loadContext, modelsFolder: join(folder, 'models') };
  const codes = new Set<string>();
  const wrong = new Map<string, Problem>();
  let good = 0;
  const judge = async (texts: ReadonlyMap<string, string>) => {
    const { gateway, errors, warnings } = await loadTexts(file, texts, context);
    if (gateway) good++;
    expect(errors.length > 0).toBe(gateway === undefined);
    for (const problem of [...errors, ...warnings]) {
      codes.add(problem.code);
      const placed = problem.file !== '' && problem.line >= 1 && problem.column >= 1;
      const told = [problem.message, problem.fix, problem.code].every((text) => text.trim() !== '');
      const inChinese = [problem.zh.message, problem.zh.fix].every((text) => /\p{Script=Han}/u.test(text));
      if (!(placed && told && inChinese)) wrong.set(`${problem.code} ${problem.path}`, problem);
    }
  };
  const sound = await loadTexts(file, new Map(Object.entries({ 'gateway.yaml': yaml, ...tables })), context);
  expect(sound.errors, 'the configuration that is changed is a good one').toEqual([]);
  const names = Object.keys(tables);
  for (let round = 0; round < count; round++) {
    const texts = new Map(Object.entries({ 'gateway.yaml': yaml, ...tables }));
    const name = random.next() < 0.6 ? 'gateway.yaml' : (names[random.integer(0, names.length - 1)] as string);
    texts.set(name, mutated(texts.get(name) ?? '', random));
    await judge(texts).catch((cause: unknown) => {
      throw new Error(`round ${round}, ${name}:\n${texts.get(name)}`, { cause });
    });
  }
  expect([...wrong.values()]).toEqual([]);
  await rm(folder, { recursive: true });
  return { good, codes };
}
