import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';

describe('packs of a gateway', () => {
  it('are those of the utilities that it has, and what it says of itself', async () => {
    const { packs, problems } = await loadPacks('models', new Set(['gas', 'heating']));
    expect([...packs.keys()].sort()).toEqual(['gas', 'gateway', 'heating', 'instrument']);
    expect(problems).toEqual([]);
  });

  it('are all of them where a utility is not there, so that the one meant can be told', async () => {
    const all = [...(await loadPacks('models')).packs.keys()];
    expect(all).toContain('water');
    expect([...(await loadPacks('models', new Set(['wter']))).packs.keys()]).toEqual(all);
  });
});
