import { say } from './language.ts';
import type { City } from './model.ts';

/** What people call a tag, told of an asset: its role there, after the name of its asset elsewhere; an asset by its name; else the id. */
export function nameOf(city: City, id: string, told = ''): string {
  const point = city.pointOf.get(id);
  if (!point) return city.assets.get(id)?.name ?? (city.view.tags[city.tagIndex.get(id) ?? -1]?.description || id);
  const name = point.meaning ? say(point.meaning.name) : point.role;
  return point.asset.id === told ? name : `${point.asset.name} ${name}`;
}
