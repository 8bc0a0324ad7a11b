import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { webhook } from '../../../edge/upstream/webhook/index.ts';

it('the sample names every key, and gives those that have a default that value', () => {
  const text = readFileSync(new URL('../../../edge/upstream/webhook/sample.yaml', import.meta.url), 'utf8');
  const { id, sink, ...options } = parse(text).sinks[0];
  expect({ id, sink }).toEqual({ id: 'city', sink: webhook.name });
  const { url } = options;
  expect(options).toEqual(webhook.options.parse({ url }));
  const named = [...text.matchAll(/^\s+(?:# )?([a-zA-Z]+):/gm)].map(([, key]) => key);
  expect(Object.keys(webhook.options.shape).filter((key) => !named.includes(key))).toEqual([]);
});
