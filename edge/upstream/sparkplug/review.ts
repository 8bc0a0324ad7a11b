import type { EntryRemark } from '../../core/remark.ts';
import { both } from '../../core/text.ts';
import { sparkplugErrors } from './errors.ts';
import { sparkplugOptions } from './options.ts';
import { nodeNameOf } from './topics.ts';

/**
 * Entries that speak as the same edge node: its name is unique (tck-id-topic-structure-namespace-unique-edge-node-descriptor),
 * and it is at no more than one server at a time
 * (tck-id-operational-behavior-primary-application-state-with-multiple-servers-single-server).
 */
export function reviewNodes(
  entries: readonly Readonly<Record<string, unknown>>[],
  gateway: string,
): readonly EntryRemark[] {
  const seen = new Map<string, unknown>();
  return entries.flatMap((entry, index) => {
    const { group, node } = nodeNameOf(sparkplugOptions.parse(entry), gateway);
    const name = `${group}/${node}`;
    const owner = seen.get(name);
    if (owner === undefined) {
      seen.set(name, entry['id']);
      return [];
    }
    const path = [entry['node'] === undefined ? 'id' : 'node'];
    const text = both(`sink "${owner}" is edge node ${name} already`, `“${owner}”已是边缘节点 ${name}`);
    return [{ entry: index, path, severity: 'error', error: sparkplugErrors.create('NODE-TAKEN', text) }];
  });
}
