interface TextLineProps {
  readonly label: string;
  /** What is shown while it is empty; the label when left out. */
  readonly hint?: string;
  readonly value: string;
  /** Characters that it takes at the most. */
  readonly most: number;
  readonly onValue: (value: string) => void;
}

/** One line of text in a row of buttons, with no label beside it. */
export function TextLine({ label, hint = label, value, most, onValue }: TextLineProps) {
  return (
    <input
      type="text"
      maxLength={most}
      aria-label={label}
      placeholder={hint}
      value={value}
      onInput={({ currentTarget }) => onValue(currentTarget.value)}
    />
  );
}
