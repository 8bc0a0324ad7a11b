import opcua, { type OPCUAServer, type UAVariable } from 'node-opcua';

/** Adds a variable for each way in which servers tell the names of states; by name. */
export function addEnumerations(server: OPCUAServer): ReadonlyMap<string, UAVariable> {
  const space = server.engine.addressSpace!;
  const namespace = space.getOwnNamespace();
  const { DataType } = opcua;
  const common = { organizedBy: space.rootFolder.objects, minimumSamplingInterval: 50 } as const;
  const strings = namespace.addEnumerationType({ browseName: 'Mode', enumeration: ['OFF', 'HAND', 'AUTO'] });
  const values = namespace.addEnumerationType({
    browseName: 'Fault',
    enumeration: [
      { displayName: 'none', value: 0 },
      { displayName: 'overload', value: 16 },
    ],
  });
  const add = (name: string, dataType: opcua.NodeId, value: number) => {
    const variable = namespace.addVariable({ ...common, nodeId: `s=${name}`, browseName: name, dataType });
    variable.setValueFromSource({ dataType: DataType.Int32, value });
    return variable;
  };
  const mode = add('mode', strings.nodeId, 0);
  const fault = add('fault', values.nodeId, 16);
  const own = namespace.addMultiStateValueDiscrete({
    ...{ ...common, nodeId: 's=speed', browseName: 'speed', dataType: 'UInt32', value: 10 },
    enumValues: [
      { displayName: 'slow', value: 10 },
      { displayName: 'fast', value: 20 },
    ],
  }) as unknown as UAVariable;
  const valve = namespace.addTwoStateDiscrete({
    ...{ ...common, nodeId: 's=valve', browseName: 'valve', trueState: 'open', falseState: 'shut' },
    value: { dataType: DataType.Boolean, value: true },
  }) as unknown as UAVariable;
  return new Map(Object.entries({ mode, fault, speed: own, valve }));
}
