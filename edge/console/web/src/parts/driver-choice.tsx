import { type DevicePlace, firstDrivers } from '../../../first-start-api.ts';

interface DriverChoiceProps {
  readonly label: string;
  readonly driver: DevicePlace['driver'];
  readonly onDriver: (driver: DevicePlace['driver']) => void;
}

const names = { modbus: 'Modbus TCP', opcua: 'OPC UA' } as const;

/** What a device speaks. */
export function DriverChoice({ label, driver, onDriver }: DriverChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={driver}
        onChange={({ currentTarget }) => onDriver(firstDrivers.find((one) => one === currentTarget.value) ?? 'modbus')}
      >
        {firstDrivers.map((one) => (
          <option key={one} value={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
