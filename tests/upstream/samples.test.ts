import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { sinks } from '../../edge/upstream/registry.ts';
import { repository } from '../../ops/reference/page.ts';

it.each(sinks.map((kind) => [kind.name, kind] as const))(
  'the sample of %s is valid and has every key',
  async (name, kind) => {
    const text = await readFile(join(repository, 'edge/upstream', name, 'sample.yaml'), 'utf8');
    const [entry] = parse(text).sinks;
    const { id: _id, sink, ...options } = entry;
    expect(sink).toBe(name);
    expect(kind.options.strict().parse(options)).toMatchObject(options);
    for (const key of Object.keys(kind.options.shape)) expect(text, key).toMatch(new RegExp(`\\b${key}:`));
  },
);
