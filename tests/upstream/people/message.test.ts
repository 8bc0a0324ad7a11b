import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compose, languages, toldInFull } from '../../../edge/upstream/people/message.ts';

const folder = fileURLToPath(new URL('messages/', import.meta.url));
const read = (name: string) => readFileSync(`${folder}${name}`, 'utf8');

it.each(readdirSync(folder))('the message %s equals its golden files in both languages', (name) => {
  const contents = JSON.parse(read(`${name}/contents.json`));
  for (const language of languages) {
    const { title, text, code } = compose(contents, language);
    expect(`${title}\n${text}\n`).toBe(read(`${name}/${language}.txt`));
    expect(code).toBe(contents.code);
    expect(toldInFull(contents.cases).every(({ asset }) => text.includes(asset))).toBe(true);
  }
});
