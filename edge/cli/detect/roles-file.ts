import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fileReason } from '../../config/file-reason.ts';
import { checkAgainst, parseLocatedYaml } from '../../config/located-yaml.ts';
import type { Problem } from '../../config/problem.ts';
import { suggest } from '../../core/suggest.ts';
import { columnKinds } from '../../evaluate/column-kind.ts';
import { evaluateErrors } from '../../evaluate/errors.ts';
import type { Role } from '../../evaluate/plan.ts';

const schema: z.ZodType<Record<string, Role>> = z.record(z.string(), z.enum([...columnKinds, 'ignore']));

/** Reads a YAML map of columns to roles; what is wrong with it is located. */
export async function readRolesFile(
  file: string,
  names: readonly string[],
): Promise<{ readonly roles: readonly (readonly [string, Role])[]; readonly problems: readonly Problem[] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw evaluateErrors.create('READ', `cannot read ${file}${fileReason(cause)}`, cause);
  }
  const yaml = parseLocatedYaml(file, text);
  const { value, problems } = checkAgainst(yaml, schema);
  const roles = Object.entries(value ?? {});
  const strays = roles.filter(([name]) => !names.includes(name));
  const stray = ([name]: readonly [string, Role]) => {
    const near = suggest(name, names);
    const error = evaluateErrors.create('ROLES', `the data have no column "${name}"`);
    return yaml.problemAtKey([], name, error, near === undefined ? undefined : `did you mean "${near}"?`);
  };
  return { roles, problems: [...problems, ...strays.map(stray)] };
}
