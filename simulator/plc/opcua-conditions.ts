import type {
  DataType,
  InstantiateLimitAlarmOptions,
  Namespace,
  UAAlarmConditionEx,
  UAObject,
  UAVariable,
} from 'node-opcua';
import type { PlcCondition, PlcLimits, PlcPoint } from '../city/plant.ts';

/** A condition whose past activations nobody acknowledges keeps the newest of them. */
const maxUnacknowledged = 10;

/** A point, its variable, and the data type that its values have. */
interface ConditionInput {
  readonly point: PlcPoint;
  readonly variable: UAVariable;
  readonly type: DataType;
}

/** What the alarms of a server are made with. */
export interface ConditionParts {
  readonly opcua: typeof import('node-opcua');
  readonly namespace: Namespace;
  /** Notifier below which the sources of the conditions are. */
  readonly folder: UAObject;
  readonly inputs: readonly ConditionInput[];
}

/**
 * Alarms & Conditions (Part 9) of a PLC: exclusive limit alarms and off-normal alarms on its variables, which become
 * active as the variables change and can be acknowledged. Returns what forgets the oldest past activations; to be
 * called after each scan.
 */
export function addConditions(parts: ConditionParts, conditions: readonly PlcCondition[]): () => void {
  const alarms = conditions.map((condition) => {
    const input = parts.inputs.find(({ point }) => point.name === condition.point);
    if (!input) throw new Error(`condition on ${condition.point}: the PLC has no such point`);
    return addCondition(parts, condition, input);
  });
  return () => {
    for (const alarm of alarms) {
      for (const branch of alarm.getBranches().slice(0, -maxUnacknowledged)) alarm.deleteBranch(branch);
    }
  };
}

function addCondition(
  { opcua, namespace, folder }: ConditionParts,
  { when, message, severity }: PlcCondition,
  input: ConditionInput,
): UAAlarmConditionEx {
  const { point, variable } = input;
  folder.addReference({ referenceType: 'HasEventSource', nodeId: variable });
  const name = `${point.name}-alarm`;
  const options = {
    ...{ browseName: name, conditionName: name, nodeId: `s=${variable.nodeId.value}-alarm` },
    ...{ conditionOf: variable, conditionSource: variable, inputNode: variable },
  };
  const discrete = 'normal' in when;
  const alarm = discrete
    ? namespace.instantiateOffNormalAlarm({ ...options, normalState: normalState(namespace, input, when.normal) })
    : namespace.instantiateExclusiveLimitAlarm('ExclusiveLimitAlarmType', { ...options, ...limitsOf(when, point) });
  const text = `${message.en} ${message.zh}`;
  alarm.calculateConditionInfo = (state, isActive, value) =>
    new opcua.ConditionInfo({
      message: !isActive ? `Normal again: ${text}` : discrete ? text : `${text}: ${value} (${state})`,
      severity: isActive ? severity : 1,
      quality: opcua.StatusCodes.Good,
      retain: isActive,
    });
  return alarm;
}

/** A variable with the normal value in the type of the input; it stands in no folder, only the alarm points to it. */
function normalState(namespace: Namespace, { point, variable, type }: ConditionInput, normal: number): UAVariable {
  return namespace.addVariable({
    ...{ browseName: 'NormalState', nodeId: `s=${variable.nodeId.value}-normal`, dataType: variable.dataType },
    value: { dataType: type, value: point.type === 'bool' ? normal !== 0 : normal },
  });
}

type StackLimits = Pick<InstantiateLimitAlarmOptions, 'highLimit' | 'lowLimit'>;

/** Limits as the server's variables carry them, raw; only those that there are, though the stack's type wants two. */
function limitsOf(limits: PlcLimits, { scale, offset }: PlcPoint): StackLimits {
  const given = Object.entries(limits).map(([name, limit]) => [`${name}Limit`, ((limit as number) - offset) / scale]);
  return Object.fromEntries(given) as StackLimits;
}
