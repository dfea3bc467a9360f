interface FieldsProps {
  names: string[];
  values: Record<string, string>;
  change: (values: Record<string, string>) => void;
  required?: boolean;
}

export function Fields({ names, values, change, required }: FieldsProps) {
  return names.map((name) => (
    <Field
      key={name}
      label={name}
      value={values[name] ?? ""}
      change={(value) => change({ ...values, [name]: value })}
      required={required ?? false}
    />
  ));
}

interface FieldProps {
  label: string;
  value: string;
  change: (value: string) => void;
  required?: boolean;
}

export function Field({ label, value, change, required = false }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        value={value}
        required={required}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
    </label>
  );
}

export function TextArea({ label, value, change }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        rows={Math.min(18, value.split("\n").length + 1)}
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
    </label>
  );
}
