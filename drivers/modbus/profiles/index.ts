import type { DeviceProfile } from '../../api.ts';
import eastronSdm630 from './eastron-sdm630.json' with { type: 'json' };
import gasVolumeCorrector from './gas-volume-corrector.json' with { type: 'json' };
import grundfosCim from './grundfos-cim.json' with { type: 'json' };
import kamstrupMultical602 from './kamstrup-multical-602.json' with { type: 'json' };
import lightingCabinet from './lighting-cabinet.json' with { type: 'json' };
import oniconSystem10 from './onicon-system-10.json' with { type: 'json' };
import schneiderPm5000 from './schneider-pm5000.json' with { type: 'json' };
import tuf2000m from './tuf-2000m.json' with { type: 'json' };

/** Register maps of common meters and controllers of the five utilities. Adding one takes a file and a line here. */
export const modbusProfiles: ReadonlyMap<string, DeviceProfile> = new Map(
  [
    eastronSdm630,
    gasVolumeCorrector,
    grundfosCim,
    kamstrupMultical602,
    lightingCabinet,
    oniconSystem10,
    schneiderPm5000,
    tuf2000m,
  ].map((data) => {
    // a test holds every file against the schema of point tables
    const profile = data as unknown as DeviceProfile;
    return [profile.profile, profile];
  }),
);
