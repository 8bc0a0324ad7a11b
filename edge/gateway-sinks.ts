import { filter, type Observable } from 'rxjs';
import type { Acquisition } from './acquisition/acquisition.ts';
import type { LoadedGateway } from './config/load.ts';
import type { ConsoleChange } from './console/api.ts';
import type { SinkHost } from './upstream/api.ts';

/** What sinks are told of the configuration in force and of its devices. */
export function inForce(
  loaded: () => LoadedGateway,
  acquisition: Acquisition,
  changes: Observable<ConsoleChange>,
): Pick<SinkHost, 'tags' | 'assets' | 'devices' | 'onDevices'> {
  const about = changes.pipe(filter((what) => what === 'devices' || what === 'description'));
  return {
    tags: () => loaded().tags,
    assets: () => loaded().assets,
    devices: () => acquisition.health().map(({ id, state }) => ({ id, online: state === 'online' })),
    onDevices(changed) {
      const told = about.subscribe(changed);
      return () => told.unsubscribe();
    },
  };
}
