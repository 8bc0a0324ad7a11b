import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../edge/cli/program.ts';
import { repository } from '../../ops/reference/page.ts';

const folders = ['ops/docs', 'ops/decisions'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(repository, folder, name), 'utf8') })),
);
/** What a newcomer meets first counts too. */
const front = ['README.md', 'CHANGELOG.md'].map((file) => ({
  file,
  text: readFileSync(join(repository, file), 'utf8'),
}));
const texts = [...front, ...pages];
const links = texts.flatMap(({ file, text }) =>
  [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => ({
    file,
    target: normalize(join(dirname(file), target as string)),
  })),
);

/** What `lifeline <command> --help` says, and what the commands that it has in turn say. */
function helpOf(command: Command): string {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  command.configureOutput({ writeOut: write }).outputHelp();
  return [said, ...command.commands.map(helpOf)].join('\n');
}

describe('the documentation', () => {
  it('links only to files that exist', () => {
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ target }) => !existsSync(join(repository, target)))).toEqual([]);
  });

  it('can be reached from its index, every page of it', () => {
    const reached = new Set(['ops/docs/README.md']);
    for (const page of reached) for (const { file, target } of links) if (file === page) reached.add(target);
    expect(pages.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
  });

  it('names only files of the repository that are there', () => {
    const named = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/`((?:edge|drivers|simulator|models|ops|tests|examples)\/[\w./-]*)`/g)].map((match) => ({
        file,
        path: match[1] as string,
      })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ path }) => !existsSync(join(repository, path)))).toEqual([]);
  });

  it('shows only commands and options that the command line has', async () => {
    const shown = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/(\blifeline(?:\.js)? ([a-z]+)|npm start --) ((?:[^`\n|]* )?-[^`\n|]*)/g)].map(
        ([, , verb = 'demo', rest = '']) => ({ file, verb, rest }),
      ),
    );
    expect(shown.length).toBeGreaterThan(8);
    const { commands } = await createProgram();
    const help = new Map(commands.map((command) => [command.name(), helpOf(command)]));
    const unknown = shown.flatMap(({ file, verb, rest }) =>
      [...rest.matchAll(/(?<=^|\s)--?[a-z][a-z-]*/g)]
        .filter(([option]) => !help.get(verb)?.includes(option))
        .map(([option]) => `${file}: lifeline ${verb} ${option}`),
    );
    expect(unknown).toEqual([]);
  });
});
