import { readFile } from 'node:fs/promises';
import { configErrors } from '../../config/errors.ts';
import { fileReason } from '../../config/file-reason.ts';
import type { NetworkContents, NetworkReader } from '../../config/networks.ts';
import { LifelineError } from '../../core/errors.ts';
import { readNetworkFile } from '../solve/network-file.ts';

/** Opens the network files of a configuration, so that names in it can be checked against what they have. */
export const readNetwork: NetworkReader = async (file, kind) => {
  if (kind === 'json') return jsonContents(file);
  const bytes = await readFile(file).catch((cause: unknown) => cause);
  if (!(bytes instanceof Uint8Array))
    return [configErrors.create('FILE', `cannot read ${file}${fileReason(bytes)}`, bytes)];
  try {
    return await epanetContents(file, bytes);
  } catch (error) {
    if (error instanceof LifelineError) return [error];
    throw error;
  }
};

async function epanetContents(name: string, bytes: Uint8Array): Promise<NetworkContents> {
  const { openNetwork } = await import('../../../simulator/water/network-file/open.ts');
  const { engine, model } = await openNetwork({ name, bytes }, () => undefined);
  engine.closeH();
  engine.close();
  return {
    nodes: new Set(model.nodes.map(({ id }) => id)),
    links: new Set(model.links.map(({ id }) => id)),
    mapped: new Set(model.nodes.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).map(({ id }) => id)),
  };
}

async function jsonContents(file: string): ReturnType<NetworkReader> {
  const { network, errors } = await readNetworkFile(file);
  if (!network) return errors;
  const { fluid, nodes, pipes, valves, pumps, regulators, fixed } = network;
  if (fluid.kind !== 'gas')
    return [
      configErrors.create('VALUE', `${file} is a network of ${fluid.kind}: water networks are EPANET files here`),
    ];
  return {
    nodes: new Set(nodes.map(({ id }) => id)),
    links: new Set([
      ...[pipes, valves, pumps, regulators].flat().map(({ id }) => id),
      ...fixed.map(({ node }) => node),
    ]),
    mapped: new Set(nodes.filter(({ x, y }) => x !== undefined && y !== undefined).map(({ id }) => id)),
  };
}
