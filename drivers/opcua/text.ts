import type { OpcuaStack } from './stack.ts';

/** The text of a LocalizedText; empty for anything else. */
export const localText = (value: unknown): string => {
  const text: unknown = (value as { readonly text?: unknown } | null | undefined)?.text;
  return typeof text === 'string' ? text : '';
};

/**
 * The text that a value of a data type is (Part 6, 5.1.2), undefined for types that are none: numbers, bytes, structures.
 * Times are ISO 8601, identifiers and status codes as people write them; no text at all is the empty one.
 */
export function textOf(stack: OpcuaStack, dataType: number, value: unknown): string | undefined {
  const { DataType } = stack;
  switch (dataType) {
    case DataType.LocalizedText:
      return localText(value);
    case DataType.DateTime:
      return value instanceof Date ? value.toISOString() : '';
    case DataType.StatusCode:
      return (value as { readonly name?: string } | null)?.name ?? '';
    case DataType.String:
    case DataType.XmlElement:
    case DataType.Guid:
    case DataType.NodeId:
    case DataType.ExpandedNodeId:
    case DataType.QualifiedName:
      return value === null || value === undefined ? '' : String(value);
    default:
      return undefined;
  }
}
