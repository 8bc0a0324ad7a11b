import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepIndexes } from '../../edge/config/keep-indexes.ts';
import { type TagDefinition, TagTable, vacantTag } from '../../edge/core/tag.ts';

const tag = (name: string): TagDefinition => ({ ...vacantTag, name, device: 'd', point: name });
const names = fc.uniqueArray(fc.constantFrom(...'abcdefghijkl'), { maxLength: 12 });

it('keeps every tag that stays at its index through any row of changes, and wastes no place', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 6 }), (configurations) => {
      let running = new TagTable([]);
      for (const wanted of configurations) {
        const { tags, indexes } = keepIndexes(wanted.map(tag), running);
        const next = new TagTable(tags);
        expect(next.count).toBe(wanted.length);
        expect(indexes).toEqual(wanted.map((name) => next.indexOf(name)));
        for (const name of wanted) {
          const before = running.indexOf(name);
          if (before !== undefined) expect(next.indexOf(name)).toBe(before);
        }
        const needed = Math.max(wanted.length, ...wanted.map((name) => (running.indexOf(name) ?? -1) + 1));
        expect(next.size).toBe(needed);
        const differing = tags.flatMap(({ name }, index) => (name === running.definitions[index]?.name ? [] : [index]));
        expect(next.newIndexes(running)).toEqual(differing);
        running = next;
      }
    }),
  );
});

it('numbers the tags of a first configuration in their order', () => {
  expect(keepIndexes([tag('a'), tag('b')], undefined).indexes).toEqual([0, 1]);
});
