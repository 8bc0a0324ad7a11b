import opcua from 'node-opcua';
import { expect, test } from 'vitest';
import type { PointType } from '../../drivers/api.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { device, freePort, node, serverOn, warnings, watch } from './opcua-server.ts';

const { DataType } = opcua;
const at = new Date(Date.UTC(2026, 10, 26, 8, 30));
const guid = '72962B91-FA75-4AE6-8D28-B404DC7DAF63';
/** What nodes hold, and the text that it is. */
const nodes = {
  recipe: ['String', '供水 A', '供水 A'],
  state: ['LocalizedText', { text: 'läuft', locale: 'de' }, 'läuft'],
  started: ['DateTime', at, '2026-11-26T08:30:00.000Z'],
  batch: ['Guid', guid, guid],
  source: ['NodeId', opcua.resolveNodeId('ns=1;s=temp'), 'ns=1;s=temp'],
  label: ['QualifiedName', { name: 'pump', namespaceIndex: 1 }, '1:pump'],
  silent: ['String', null, ''],
  long: ['String', 'x'.repeat(5000), 'x'.repeat(1000)],
} as const;

const typed = (tag: number, name: string, type: PointType) => ({ ...node(tag, name), type });
const textPoints = [...Object.keys(nodes), 'names[1]'].map((name, tag) => typed(tag, name, 'string-utf8'));
const texts = [...Object.values(nodes).map(([, , text]) => text), '二号'];

async function serverWithTexts() {
  const server = await serverOn(await freePort());
  for (const [name, [dataType, value]] of Object.entries(nodes)) server.add(name, dataType, value);
  server.add('names', 'String', ['一号', '二号']);
  return server;
}

const textsOf = (batch: SampleBatch) => [...batch.tags].map((tag) => batch.texts?.get(tag));

test('texts, times, identifiers and elements of text arrays come beside their numbers, and again when they change', async () => {
  const server = await serverWithTexts();
  const { said, log } = warnings();
  const seen = await watch(device(server.endpoint, [...textPoints, node(99, 'temp')]), log);
  await seen.until(() => seen.newest.size === textPoints.length + 1);
  expect(textPoints.map(({ tag }) => seen.texts.get(tag))).toEqual(texts);
  for (const [tag, text] of texts.entries()) {
    expect(seen.newest.get(tag)).toEqual({ value: textValue(text), quality: 'good', time: 5000 });
  }
  expect(seen.newest.get(99)!.value).toBe(21.5);
  server.variable('recipe').setValueFromSource({ dataType: DataType.String, value: 'B' });
  await seen.until(() => seen.texts.get(0) === 'B');
  expect(seen.newest.get(0)!.value).toBe(textValue('B'));
  server
    .variable('recipe')
    .setValueFromSource({ dataType: DataType.String, value: 'C' }, opcua.StatusCodes.BadDeviceFailure);
  await seen.until(() => seen.newest.get(0)!.quality === 'device');
  expect(seen.newest.get(0)!.value).toBeNaN();
  expect(seen.texts.get(0)).toBe('B');
  expect(said).toEqual([]);
});

test('texts come by polling as they do by subscription', async () => {
  const server = await serverWithTexts();
  const seen = await watch(device(server.endpoint, [...textPoints, node(99, 'temp')], { subscribe: false }));
  const batch = await seen.session.polls[0]!.read();
  expect(textsOf(batch)).toEqual([...texts, undefined]);
  expect([...batch.values]).toEqual([...texts.map(textValue), 21.5]);
  expect(new Set(batch.quality)).toEqual(new Set([0]));
});

test('a time is ms since epoch for a point of a type of times or numbers', async () => {
  const server = await serverWithTexts();
  const points = [typed(0, 'started', 'time-unix32'), typed(1, 'started', 'float64')];
  const seen = await watch(device(server.endpoint, points));
  await seen.until(() => seen.newest.size === 2);
  expect([0, 1].map((tag) => seen.newest.get(tag)!.value)).toEqual([at.getTime(), at.getTime()]);
  expect(seen.texts.size).toBe(0);
});

test.each([
  ['by subscription', true],
  ['by polling', false],
])(
  'what is of another kind than its point marks that point alone, and is named once with what would help, %s',
  async (_way, subscribe) => {
    const server = await serverWithTexts();
    server.add('bytes', 'ByteString', Buffer.from([1, 2]));
    const space = server.server.engine.addressSpace!;
    const range = space.getOwnNamespace().addVariable({
      ...{ organizedBy: space.rootFolder.objects, nodeId: 's=range', browseName: 'range', dataType: 'Range' },
      minimumSamplingInterval: 50,
    });
    range.setValueFromSource({ dataType: DataType.ExtensionObject, value: new opcua.Range({ low: 0, high: 1 }) });
    const points = [
      typed(0, 'recipe', 'float64'),
      typed(1, 'temp', 'string-utf8'),
      typed(2, 'bytes', 'string-utf8'),
      typed(3, 'range', 'float64'),
      typed(4, 'names', 'string-utf8'),
      node(5, 'temp'),
      typed(6, 'state', 'string-utf8'),
    ];
    const { said, log } = warnings();
    const seen = await watch(device(server.endpoint, points, { subscribe }), log);
    const { polls } = seen.session;
    const qualities = async () => {
      if (polls[0]) return [...(await polls[0].read()).quality].map(qualityName);
      await seen.until(() => seen.newest.size === points.length);
      return points.map(({ tag }) => seen.newest.get(tag)!.quality);
    };
    const config = Array.from({ length: 5 }, () => 'config');
    expect(await qualities()).toEqual([...config, 'good', 'good']);
    server.variable('recipe').setValueFromSource({ dataType: DataType.String, value: 'B' });
    server.variable('state').setValueFromSource({ dataType: DataType.LocalizedText, value: { text: 'steht' } });
    if (subscribe) await seen.until(() => seen.texts.get(6) === 'steht');
    expect(await qualities()).toEqual([...config, 'good', 'good']);
    expect(said).toEqual([
      { code: 'LL-OPCUA-TYPE', message: expect.stringContaining('than the table says for 5 points: ') },
    ]);
    for (const words of [
      'd/p0 at ns=1;s=recipe (String, a text; give it the type string-utf8)',
      'd/p1 at ns=1;s=temp (Double, a number; give it a type of numbers)',
      'd/p2 at ns=1;s=bytes (ByteString, neither a number nor a text)',
      'd/p3 at ns=1;s=range (ExtensionObject, neither a number nor a text)',
      'd/p4 at ns=1;s=names (an array of String; name one element of it by [n])',
    ]) {
      expect(said[0]!.message).toContain(words);
    }
  },
);

test('one character of a text is no element of an array', async () => {
  const server = await serverWithTexts();
  const { said, log } = warnings();
  const seen = await watch(device(server.endpoint, [typed(0, 'recipe[1]', 'string-utf8')]), log);
  await seen.until(() => seen.newest.size === 1);
  expect(seen.newest.get(0)!.quality).toBe('config');
  expect(said[0]!.message).toContain('(String, no array; leave [1] away)');
});

test('a node that has no value yet is not connected, and nothing is wrong with its point', async () => {
  const server = await serverOn(await freePort());
  server.variable('temp').setValueFromSource({ dataType: DataType.Null });
  const { said, log } = warnings();
  const seen = await watch(device(server.endpoint, [node(0, 'temp')]), log);
  await seen.until(() => seen.newest.size === 1);
  expect(seen.newest.get(0)!.quality).toBe('not-connected');
  expect(said).toEqual([]);
});

test.each(['string-utf8', 'time-unix32'] as const)(
  'a writable point of type %s is refused before touching the network',
  (type) => {
    const definition = device('opc.tcp://plc', [{ ...typed(0, 'recipe', type), writable: true }]);
    expect(() => opcuaDriver.validate(definition)).toThrow(
      expect.objectContaining({ code: 'LL-OPCUA-POINT', message: expect.stringContaining('cannot be written') }),
    );
  },
);
