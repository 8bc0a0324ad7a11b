import type { SinkKind } from './api.ts';
import { mqttJson } from './mqtt-json/index.ts';
import { nats } from './nats/index.ts';
import { opcua } from './opcua/index.ts';
import { people } from './people/index.ts';
import { sparkplug } from './sparkplug/index.ts';
import { webhook } from './webhook/index.ts';

/** Every kind of sink; a new one is a folder and a line here. */
export const sinks: readonly SinkKind[] = [mqttJson, nats, opcua, people, sparkplug, webhook];
