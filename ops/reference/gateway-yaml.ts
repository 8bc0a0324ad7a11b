import { keyTable } from './key-table.ts';
import { head, type Page } from './page.ts';
import { gatewaySchema, type Schema } from './schema.ts';

const introduction = `What \`gateway.yaml\` (YAML 1.2) may say. Unknown keys are errors; \`lifeline check -c gateway.yaml\` names every mistake with
file, line, column and fix. Editors that understand JSON Schema complete and check while you type when the first line is

\`\`\`yaml
# yaml-language-server: $schema=<path to Lifeline>/lifeline.schema.json
\`\`\`

Relative paths start at the folder of \`gateway.yaml\`.`;

/** The page of every key of `gateway.yaml`. */
export const gatewayYamlPage: Page = {
  file: 'ops/docs/reference/gateway-yaml.md',
  async render() {
    const schema = gatewaySchema();
    const sections = Object.entries(schema.properties ?? {}).map(([key, part]) => section(key, part, schema));
    return [head('gateway.yaml', 'the field specs in edge/config/spec.ts', introduction), ...sections].join('\n');
  },
};

/** One top-level key: an object, a list of objects, or a list of objects of several kinds. */
function section(key: string, part: Schema, whole: Schema): string {
  const need = whole.required?.includes(key) ? 'Required.' : 'Optional.';
  const intro = [`## ${key}`, '', `${part.description ?? ''} ${need}${entries(part)}`, ''].join('\n');
  const items = part.items as Schema | undefined;
  const kinds = items?.oneOf;
  if (!kinds) return [intro, keyTable(items ?? part)].join('\n');
  const tables = kinds.map((kind) => [`### ${key} with \`${kindOf(kind)}\``, '', keyTable(kind)].join('\n'));
  return [intro, tables.join('\n')].join('\n');
}

function entries({ type, minItems = 0, maxItems }: Schema): string {
  return type === 'array' && maxItems !== undefined ? ` A list of ${minItems}–${maxItems} entries.` : '';
}

/** `driver: modbus`: the key with a fixed value that tells one kind from the others. */
function kindOf(kind: Schema): string {
  const fixed = Object.entries(kind.properties ?? {}).find(([, property]) => property.const !== undefined);
  return fixed ? `${fixed[0]}: ${fixed[1].const}` : '';
}
