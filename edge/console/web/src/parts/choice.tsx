interface ChoiceProps {
  readonly label: string;
  /** Empty for all. */
  readonly value: string;
  readonly all: string;
  readonly onChoose: (value: string) => void;
  /** Values with their names. */
  readonly children: readonly (readonly [value: string, name: string])[];
}

/** One of several values of a filter, or all. */
export function Choice({ label, value, all, onChoose, children }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      <option value="">{all}</option>
      {children.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  );
}
