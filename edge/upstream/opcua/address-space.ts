import type { DataValue, Namespace, UAObject, UAVariable } from 'node-opcua';
import { addProperties } from '../../../drivers/opcua/properties.ts';
import type { OpcuaStack } from '../../../drivers/opcua/stack.ts';
import type { LiveTable } from '../../core/live-table.ts';
import { isBad } from '../../core/quality.ts';
import type { TagDefinition } from '../../core/tag.ts';
import type { AddressPlan, PlannedFolder, PlannedVariable } from './plan.ts';
import { statusName } from './status-code.ts';

/** Clients may ask for values this often; polls are slower. */
const minSamplingMs = 100;

/** What the variables of a server are made with. */
export interface SpaceParts {
  readonly stack: OpcuaStack;
  readonly namespace: Namespace;
  readonly live: LiveTable;
  readonly nowMs: () => number;
}

type BuiltIn = 'Boolean' | 'Double' | 'String' | 'DateTime';

/** The built-in type of a tag's engineering values. */
function builtInOf({ shows, wire, scale, offset }: TagDefinition): BuiltIn {
  if (shows === 'text') return 'String';
  if (shows === 'time') return 'DateTime';
  return wire === 'bool' && scale === 1 && offset === 0 ? 'Boolean' : 'Double';
}

/** Makes `Objects / <gateway> / Devices / <device> / <point>` and `Objects / <gateway> / Assets / <asset> / <role>`. */
export function addAddresses(parts: SpaceParts, gateway: string, { devices, assets }: AddressPlan): void {
  const { namespace } = parts;
  const folder = (organizedBy: UAObject, browseName: string, nodeId: string, description = '') =>
    namespace.addObject({
      ...{ organizedBy, browseName, nodeId: `s=${nodeId}`, description },
      typeDefinition: 'FolderType',
    });
  const root = folder(namespace.addressSpace.rootFolder.objects, gateway, gateway);
  const all = (name: string, folders: readonly PlannedFolder[]) => {
    const group = folder(root, name, `${gateway}/${name}`);
    for (const { id, name: own, description, variables } of folders) {
      const place = folder(group, own, id, description);
      for (const variable of variables) addVariable(parts, place, variable);
    }
  };
  all('Devices', devices);
  all('Assets', assets);
}

/** A variable whose value is looked up when somebody asks: those that nobody asks for cost nothing. */
function addVariable(parts: SpaceParts, componentOf: UAObject, planned: PlannedVariable): void {
  const { stack, namespace } = parts;
  const { id, name, definition } = planned;
  const variable: UAVariable = namespace.addVariable({
    ...{ componentOf, browseName: name, nodeId: `s=${id}`, description: definition.description },
    typeDefinition: 'DataItemType',
    dataType: builtInOf(definition),
    accessLevel: 'CurrentRead',
    minimumSamplingInterval: minSamplingMs,
    value: { timestamped_get: () => sampleOf(parts, planned) },
  });
  addProperties(stack, variable, definition);
}

/** The newest sample with its quality, the time of its source and the present time. */
function sampleOf({ stack, live, nowMs }: SpaceParts, { tag, definition }: PlannedVariable): DataValue {
  const quality = live.quality[tag] as number;
  const dataType = stack.DataType[builtInOf(definition)];
  const value = isBad(quality) ? null : shown(live, tag, dataType === stack.DataType.Boolean, definition);
  const timeMs = live.times[tag] as number;
  return new stack.DataValue({
    value: value === null ? { dataType: stack.DataType.Null } : { dataType, value },
    statusCode: stack.StatusCodes[statusName(quality)],
    sourceTimestamp: timeMs > 0 ? new Date(timeMs) : null,
    serverTimestamp: new Date(nowMs()),
  });
}

function shown(live: LiveTable, tag: number, bit: boolean, { shows }: TagDefinition): unknown {
  if (shows === 'text') return live.textOf(tag) ?? '';
  const value = live.values[tag] as number;
  if (shows === 'time') return new Date(value);
  return bit ? value !== 0 : value;
}
