import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { rerunRecording } from '../../edge/cli/record/golden.ts';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder);

describe('a driver on the frames of a golden test', () => {
  it('has some to be run on', () => {
    expect(names.length).toBeGreaterThanOrEqual(3);
  });

  it.each(names)('makes the expected samples, to the last bit: %s', async (name) => {
    for (const { recorded, lines, before } of await rerunRecording(join(folder, name), loadContext)) {
      expect(before.length, recorded.id).toBeGreaterThan(0);
      expect(lines, recorded.id).toEqual(before);
    }
  });
});
