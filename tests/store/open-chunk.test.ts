import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenChunk, OpenSamples } from '../../edge/store/open-chunk.ts';

const times = fc.oneof({ weight: 6, arbitrary: fc.constant(1_000) }, fc.integer({ min: -500, max: 3_000 }));
const values = fc.oneof(
  { weight: 6, arbitrary: fc.float() },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 65_535 }) },
  fc.double(),
);
const sample = fc.record({ chunk: fc.nat(5), step: times, value: values, quality: fc.constantFrom(192, 192, 192, 0) });
/** What comes to six chunks: a sample, or, now and then, the end of one in whose place another begins. */
const course = fc.array(fc.oneof({ weight: 30, arbitrary: sample }, fc.record({ ends: fc.nat(5) })), {
  maxLength: 400,
});

it('open chunks give back exactly what was added, whichever of them share memory', () => {
  fc.assert(
    fc.property(course, fc.boolean(), (steps, together) => {
      const memory = new OpenSamples();
      const chunks = new Map<number, { chunk: OpenChunk; times: number[]; values: number[]; quality: number[] }>();
      let now = 1e12;
      const add = (key: number, time: number, value: number, quality: number) => {
        const own = chunks.get(key) ?? {
          ...{ chunk: new OpenChunk(memory, key, time), times: [], values: [], quality: [] },
        };
        chunks.set(key, own);
        own.chunk.add(time, value, quality);
        own.times.push(time);
        own.values.push(value);
        own.quality.push(quality);
      };
      const check = ({ chunk, times, values, quality }: NonNullable<ReturnType<typeof chunks.get>>) => {
        const start = Math.floor(times.length / 3);
        const read = chunk.samples(start);
        expect([...read.times]).toEqual(times.slice(start));
        expect([...read.values]).toEqual(values.slice(start));
        expect([...read.quality]).toEqual(quality.slice(start));
      };
      for (const step of steps) {
        if ('ends' in step) {
          const own = chunks.get(step.ends);
          if (own) check(own);
          own?.chunk.release();
          chunks.delete(step.ends);
          continue;
        }
        now += step.step;
        const { chunk: key, value, quality } = step;
        if (together) for (let other = 0; other < 5; other++) add(other, now, value + other, quality);
        add(key, now, value, quality);
      }
      chunks.forEach(check);
    }),
    { numRuns: 300 },
  );
});

it('chunks whose times went together and part keep one track of times for each that goes its own way', () => {
  const memory = new OpenSamples();
  const chunks: OpenChunk[] = [];
  // two requests of a poll, the second of which is answered in the same millisecond now and then
  for (let poll = 1; poll <= 50; poll++)
    for (let key = 0; key < 40; key++) {
      const time = 1_000 * poll + (key < 20 || poll % 7 === 1 ? 0 : 1);
      const chunk = chunks[key] ?? new OpenChunk(memory, key, time);
      chunk.add(time, key, 192);
      chunks[key] = chunk;
    }
  const tracks = new Set(chunks.map((chunk) => chunk.samples().times.buffer));
  expect(tracks.size).toBe(2);
});
