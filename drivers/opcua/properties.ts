import type { UAVariable, VariantOptions } from 'node-opcua';
import type { OpcuaStack } from './stack.ts';

/** The id of a unit that is none of UN/CEFACT's list (Part 8, 5.6.3). */
const unlistedUnit = -1;

/** What a server tells of a quantity beside its value. */
export interface Quantity {
  /** Empty where it has none. */
  readonly unit: string;
  /** Range; infinite where unknown. */
  readonly low: number;
  readonly high: number;
  readonly states?: Readonly<Record<string, string>> | undefined;
}

/** Gives a variable its unit, range and names of states as Part 8 has them, for clients that make a point table of it. */
export function addProperties(stack: OpcuaStack, variable: UAVariable, { unit, low, high, states }: Quantity): void {
  const { DataType, VariantArrayType } = stack;
  const add = (browseName: string, dataType: string, value: VariantOptions) =>
    variable.namespace.addVariable({
      ...{ propertyOf: variable, browseName: { name: browseName, namespaceIndex: 0 }, dataType, value },
      ...{ typeDefinition: 'PropertyType', valueRank: value.arrayType === VariantArrayType.Array ? 1 : -1 },
    });
  if (unit !== '') {
    const named = Object.assign(stack.makeEUInformation('C62', unit, unit), { unitId: unlistedUnit });
    add('EngineeringUnits', 'EUInformation', { dataType: DataType.ExtensionObject, value: named });
  }
  if (Number.isFinite(low) && Number.isFinite(high)) {
    add('EURange', 'Range', { dataType: DataType.ExtensionObject, value: new stack.Range({ low, high }) });
  }
  if (states) {
    const largest = Math.max(...Object.keys(states).map(Number));
    const value = Array.from({ length: largest + 1 }, (_, state) => ({ text: states[state] ?? '' }));
    add('EnumStrings', 'LocalizedText', { dataType: DataType.LocalizedText, arrayType: VariantArrayType.Array, value });
  }
}
