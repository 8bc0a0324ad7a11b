import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadPacks } from '../../../edge/config/packs.ts';
import { compose, languages, toldInFull } from '../../../edge/upstream/people/message.ts';
import { maxParts, partsOf } from '../../../edge/upstream/people/short-message.ts';

const folder = fileURLToPath(new URL('messages/', import.meta.url));
const read = (name: string) => readFileSync(`${folder}${name}`, 'utf8');

it.each(readdirSync(folder))('the message %s equals its golden files in both languages', (name) => {
  const contents = JSON.parse(read(`${name}/contents.json`));
  for (const language of languages) {
    const { title, brief, text, code } = compose(contents, language);
    expect(`${title}\n${brief}\n${text}\n`).toBe(read(`${name}/${language}.txt`));
    expect(code).toBe(contents.code);
    expect(toldInFull(contents.cases).every(({ asset }) => text.includes(asset))).toBe(true);
    expect(partsOf(brief)).toBeLessThanOrEqual(maxParts);
    expect(brief).toContain(code);
  }
});

const { packs } = await loadPacks('models');
const alarms = [...packs.values()].flatMap(({ assets }) =>
  Object.values(assets).flatMap((asset) => Object.entries(asset.alarms)),
);

it.each(languages)(
  'has room in a short message for step and consequence of every alarm of the packs, in %s',
  (language) => {
    expect(alarms.length).toBeGreaterThan(150);
    for (const [kind, { priority, safety, message, response, steps, consequence }] of alarms) {
      const words = { id: `dma-nangang-12/${kind}`, asset: 'dma-nangang-12', priority, safety, message, response };
      const alarm = { ...words, firstStep: steps?.[0], consequence, raisedAt: 0 };
      const contents = { id: 'm', gateway: 'hrb-07', timezone: 'Asia/Shanghai', link: '', code: '483920' };
      const { brief, text } = compose({ ...contents, cases: [[alarm]] }, language);
      for (const said of [steps?.[0], consequence]) {
        expect(brief).toContain(said?.[language] ?? '');
        expect(text).toContain(said?.[language] ?? '');
      }
    }
  },
);
