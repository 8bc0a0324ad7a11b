interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** It may be left empty. */
  readonly optional?: boolean;
  readonly type?: 'text' | 'password' | 'number';
  /** What a password keeper of the browser may fill in. */
  readonly fill?: 'username' | 'current-password' | 'new-password' | 'off';
}

/** One line to fill in. */
export function Field({ label, value, onValue, optional = false, type = 'text', fill = 'off' }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type={type as 'text'}
        value={value}
        autocomplete={fill}
        required={!optional}
        maxLength={200}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </label>
  );
}
