import { drivers } from '../../drivers/registry.ts';
import { gatewayJsonSchema } from '../../edge/config/spec.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import type { Page } from './page.ts';

/** The part of JSON Schema (draft-07) that the field specs of `gateway.yaml` turn into. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** The schema of `gateway.yaml` with every driver and sink of the product. */
export function gatewaySchema(): Schema {
  return gatewayJsonSchema(drivers, sinks) as Schema;
}

/** The schema file that the first line of a `gateway.yaml` names for editors. */
export const schemaPage: Page = {
  file: 'lifeline.schema.json',
  render: async () => `${JSON.stringify(gatewaySchema(), null, 2)}\n`,
};
