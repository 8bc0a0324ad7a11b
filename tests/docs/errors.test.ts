import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogues, errorsPage } from '../../ops/reference/errors.ts';
import { regenerate, repository } from '../../ops/reference/page.ts';

const catalogues = await errorCatalogues();
const declared = catalogues.flatMap(({ entries }) => entries.map(([code]) => code));
const hint = `run: ${regenerate}`;

const texts = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /^(edge|drivers|simulator|ops)\/.*\.(ts|tsx|md)$/.test(file) && existsSync(join(repository, file)))
  .map((file) => ({ file, text: readFileSync(join(repository, file), 'utf8') }));

const sources = texts.filter(({ file }) => !file.endsWith('.md'));

describe('error codes', () => {
  it('are found in every room that declares some, each code once', () => {
    expect(catalogues.length).toBeGreaterThanOrEqual(8);
    expect(declared.length).toBeGreaterThan(40);
    expect(declared.filter((code, index) => declared.indexOf(code) !== index)).toEqual([]);
  });

  it('stand in the page, and the page has no code that is gone', () => {
    const page = readFileSync(join(repository, errorsPage.file), 'utf8');
    const written = [...page.matchAll(/^\| `(LL-[A-Z0-9-]+)` \|/gm)].map((match) => match[1] as string);
    expect(
      declared.filter((code) => !written.includes(code)),
      `missing in ${errorsPage.file}; ${hint}`,
    ).toEqual([]);
    expect(
      written.filter((code) => !declared.includes(code)),
      `no longer declared, but in ${errorsPage.file}; ${hint}`,
    ).toEqual([]);
  });

  it('are made only from names that their catalogue has', () => {
    const made = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/\b(\w+Errors)\.create\(\s*'([^']+)'/g)].map((match) => ({
        file,
        catalogue: match[1] as string,
        name: match[2] as string,
      })),
    );
    expect(made.length).toBeGreaterThan(40);
    const unknown = made.filter(({ catalogue, name }) => {
      const known = catalogues.find((candidate) => candidate.name === catalogue);
      return !known?.entries.some(([code]) => code === `${known.area}-${name}`);
    });
    expect(unknown).toEqual([]);
  });

  it('exist wherever a text names one', () => {
    const strays = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/\bLL-[A-Z0-9]+-[A-Z0-9]+(?:-[A-Z0-9]+)*\b/g)]
        .map((match) => match[0])
        .filter((code) => !declared.includes(code))
        .map((code) => `${file}: ${code}`),
    );
    expect(strays).toEqual([]);
  });

  it('are all raised somewhere', () => {
    const code = (text: string, area: string, name: string) =>
      text.includes(`'${name}'`) || text.includes(`${area}-${name}`);
    const unused = catalogues.flatMap(({ file, area, entries }) =>
      entries
        .map(([full]) => full.slice(area.length + 1))
        .filter((name) => !sources.some((source) => source.file !== file && code(source.text, area, name)))
        .map((name) => `${area}-${name}`),
    );
    expect(unused).toEqual([]);
  });
});
