import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Asset } from '../../../edge/core/asset.ts';
import { createBatch } from '../../../edge/core/batch.ts';
import type { Event } from '../../../edge/core/event.ts';
import { Quality } from '../../../edge/core/quality.ts';
import { TagTable, vacantTag } from '../../../edge/core/tag.ts';
import { textValue } from '../../../edge/core/text-value.ts';
import {
  dataMessages,
  eventMessage,
  gatewayTopic,
  historicalMessages,
  inParts,
  replyMessage,
  stateMessage,
} from '../../../edge/upstream/mqtt-json/messages.ts';
import { mqttJsonOptions } from '../../../edge/upstream/mqtt-json/options.ts';
import { defaultTopics, eventPlaces, fillTopic, valuePlaces } from '../../../edge/upstream/mqtt-json/topic-template.ts';
import { ValueTopics } from '../../../edge/upstream/mqtt-json/value-topics.ts';
import type { Message } from '../../../edge/upstream/mqtt-link.ts';

const gateway = 'hrb-07';
const tags = new TagTable(
  ['flow', 'p-out', 'serial', 'name', 'door'].map((point) => ({
    ...{ ...vacantTag, name: `ps-1/${point}`, device: 'ps-1', point },
  })),
);
const nowhere = { name: '', location: undefined, upstreamOf: [] };
const assets: readonly Asset[] = [
  { id: 'dma-2', type: 'water.district', grid: '230103005012', ...nowhere, roles: { inflow: 0, pressure: 1 } },
  { id: 'ps/1', type: 'water.pump-station', grid: '', ...nowhere, roles: { outlet: 1, plate: 2 } },
];
const newestMs = Date.UTC(2026, 0, 15, 8);

/** Two polls: numbers, a text, a text that could not be read, and a point of no asset. */
function polled() {
  const batch = createBatch('ps-1', 7, 0, new Map([[2, '泵7号']]));
  batch.tags.set([0, 1, 0, 1, 2, 3, 4]);
  batch.values.set([12.5, 0.31, 12.75, Number.NaN, textValue('泵7号'), Number.NaN, 1]);
  batch.quality.set([0, 0, 0, Quality.comm, 0, Quality.device, 0]);
  batch.times.set([newestMs - 1_000, newestMs - 1_000, ...Array.from({ length: 5 }, () => newestMs)]);
  return batch;
}

const event: Event = {
  ...{ stream: 'events', epoch: 'k3v9', sequence: 42, type: 'alarm.raised', time: newestMs, subject: 'dma-2' },
  ...{
    utility: 'water',
    data: { priority: 'critical', grid: '230103005012', message: { zh: '水管爆裂', en: 'burst main' } },
  },
};
const ownEvent: Event = { ...event, sequence: 43, type: 'gateway.started', subject: gateway, utility: '', data: {} };

function messagesOf(entry: unknown): readonly Message[] {
  const { prefix, topics, data, confirm } = mqttJsonOptions.parse(entry);
  const home = { prefix, gateway };
  const places = new ValueTopics(topics.values, home);
  const delivery = {
    ...data,
    topicOfDevice: (device: string) => places.ofDevice(device),
    topicOf: (tag: number, table: TagTable) => places.of(tag, table, assets),
  };
  const answerOn = confirm === 'receiver' ? gatewayTopic(home, 'receipts') : undefined;
  return [
    stateMessage(home, 'online', newestMs),
    ...[event, ownEvent].map((one) => eventMessage(home, topics.events, one, answerOn)),
    ...dataMessages(polled(), tags, delivery),
    ...historicalMessages(polled(), tags, delivery),
  ];
}

/** As the broker is told, with the payload as JSON. */
const shown = ({ payload, properties = {}, ...message }: Message) => ({
  ...message,
  properties: {
    ...properties,
    ...('correlationData' in properties ? { correlationData: String(properties.correlationData) } : {}),
  },
  payload: JSON.parse(String(payload)),
});

const folder = fileURLToPath(new URL('testcases', import.meta.url));

it.each(readdirSync(folder))('says what is written in testcase %s', async (name) => {
  const read = (file: string) => readFile(join(folder, name, file), 'utf8');
  const options = parse(await read('options.yaml'));
  const made = messagesOf(options).map(shown);
  expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(await read('expected.json')));
});

describe('topics', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 12 });
  const values = fc.dictionary(fc.constantFrom(...eventPlaces, ...valuePlaces), anything);

  it('have as many levels as their template, none empty, none a wildcard, whatever things are called', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(defaultTopics)), values, (template, named) => {
        const levels = fillTopic(template, { ...named, prefix: 'lifeline' }).split('/');
        expect(levels.length).toBe(template.split('/').length);
        for (const level of levels) expect(level).toMatch(/^[^+#\0]+$/);
      }),
    );
  });

  it('never begin as those that a broker keeps for itself', () => {
    expect(fillTopic('{asset}/x', { asset: '$SYS' })).toBe('_SYS/x');
  });

  const faultOf = (template: string) =>
    mqttJsonOptions.safeParse({ url: 'mqtt://h:1', topics: { values: template } }).error?.issues[0];

  it.each([
    ['{prefix}/{distrct}/{device}', 'there is no {distrct} here; did you mean {district}?'],
    ['{prefix}/{priority}', 'there is no {priority} here; there are {prefix} {gateway} {city}'],
    ['{prefix}/+/{device}', 'expected a topic without "+", "#" and single braces'],
    ['{prefix}/{device', 'expected a topic without "+", "#" and single braces'],
    ['{prefix}//{device}', 'expected topic levels that are not empty'],
    ['/{prefix}', 'expected topic levels that are not empty'],
    ['', 'expected topic levels that are not empty'],
    ['$SYS/{device}', 'expected a topic that does not begin with "$"'],
  ])('with a mistake are told: %s', (template, message) => {
    expect(faultOf(template)).toMatchObject({ path: ['topics', 'values'], message: expect.stringContaining(message) });
  });
});

it('puts values into parts that the broker takes, each value once, and a single one that is too large by itself', () => {
  const [message] = dataMessages(polled(), tags, {
    ...{ qos: 0, retain: false, topicOfDevice: () => 'x', topicOf: () => 'x' },
  });
  const parts = [...inParts(message!, ({ payload }) => payload.length < 90)].map(({ payload }) =>
    JSON.parse(String(payload)),
  );
  expect(parts.length).toBeGreaterThan(2);
  expect(Object.assign({}, ...parts.map(({ values }) => values))).toEqual(JSON.parse(String(message!.payload)).values);
  expect(new Set(parts.map(({ t }) => t))).toEqual(new Set(['2026-01-15T08:00:00.000Z']));
  expect([...inParts(message!, () => false)].length).toBe(5);
});

it.each([
  ['p/g/replies/desk-3', 'p/g/replies/desk-3'],
  ['p/g/replies', 'p/g/replies'],
  ['p/g/state', 'p/g/replies'],
  ['p/g/replies/#', 'p/g/replies'],
  ['p/other/replies/desk-3', 'p/g/replies'],
])('answers an order that asks for %s on %s', (responseTopic, topic) => {
  const reply = { id: 'o-1', status: 'accepted', reason: '', receivedAt: '' } as const;
  expect(replyMessage({ prefix: 'p', gateway: 'g' }, reply, { responseTopic }).topic).toBe(topic);
});
