/** Where a value is: a node, and in an array the element. */
export interface NodeAddress {
  /** Node id as the stack reads it, unless `namespace` has still to be looked up. */
  readonly node: string;
  /** Namespace URI of `nsu=<uri>;…`, whose index the server tells at each connect. */
  readonly namespace: string | undefined;
  /** Element n of an array, from 0, as in `ns=1;s=temps[3]`. */
  readonly element: number | undefined;
}

const form =
  /^(?:ns=\d{1,5};|nsu=(?<uri>[^;]+);)?(?<id>i=\d{1,10}|s=.+?|g=[0-9a-fA-F-]{36}|b=[A-Za-z0-9+/=]+)(?:\[(?<element>\d{1,7})\])?$/;

/** Reads `i=85`, `ns=2;s=plc.temp`, `nsu=urn:maker:plc;s=temp`, each with `[n]` for one element; undefined if it is none. */
export function parseNode(text: string): NodeAddress | undefined {
  const match = form.exec(text);
  if (!match?.groups) return undefined;
  const { uri, element } = match.groups;
  const node = element === undefined ? text : text.slice(0, text.lastIndexOf('['));
  return { node, namespace: uri, element: element === undefined ? undefined : Number(element) };
}

/** The node id with the server's present index in place of its namespace URI; undefined when it has no such namespace. */
export function resolveNode({ node, namespace }: NodeAddress, uris: readonly string[]): string | undefined {
  if (namespace === undefined) return node;
  const index = uris.indexOf(namespace);
  return index < 0 ? undefined : node.replace(/^nsu=[^;]+/, () => `ns=${index}`);
}
