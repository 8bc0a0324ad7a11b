interface PemFileProps {
  readonly label: string;
  readonly onFile: (file: File | undefined) => void;
}

/** A certificate or key from a file of the reader's own. */
export function PemFile({ label, onFile }: PemFileProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="file"
        accept=".pem,.crt,.cer,.key"
        onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
      />
    </label>
  );
}
