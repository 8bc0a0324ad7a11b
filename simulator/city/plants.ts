import type { Plant, PlantContext } from './plant.ts';

/** Makes one utility's plant; the module with its physics is loaded only when the utility is wanted. */
type CreatePlant = (context: PlantContext) => Promise<Plant>;

/** Every utility of the city, in the order in which their PLCs get ports. A new utility is a folder and a line here. */
export const plants: Readonly<Record<string, CreatePlant>> = {
  water: async (context) =>
    context.waterNetwork
      ? (await import('../water/network-file/plant.ts')).createNetworkPlant(context.waterNetwork, context)
      : (await import('../water/plant.ts')).createPlant(context),
  heating: async (context) => (await import('../heating/plant.ts')).createPlant(context),
  gas: async (context) => (await import('../gas/plant.ts')).createPlant(context),
  gallery: async (context) => (await import('../gallery/plant.ts')).createPlant(context),
  lighting: async (context) => (await import('../lighting/plant.ts')).createPlant(context),
  power: async (context) => (await import('../power/plant.ts')).createPlant(context),
  drainage: async (context) => (await import('../drainage/plant.ts')).createPlant(context),
};
