import type { Driver } from './api.ts';
import { modbusDriver } from './modbus/driver.ts';
import { opcuaDriver } from './opcua/driver.ts';
import { replayDriver } from './replay/driver.ts';

/** Every protocol of the product. A driver's stack is loaded when its first device is opened, not here. */
export const drivers: readonly Driver[] = [modbusDriver, opcuaDriver, replayDriver];
