import { Checkbox } from '@mantine/core';

interface ModelChecksProps {
  label: string;
  description: string;
  models: readonly { name: string; title: string }[];
  chosen: readonly string[];
  onChange: (names: string[]) => void;
  disabled?: boolean;
}

/** Which models are allowed, by public name; none chosen means all. */
export function ModelChecks({ label, description, models, chosen, onChange, disabled = false }: ModelChecksProps) {
  return (
    <Checkbox.Group
      label={label}
      description={description}
      value={[...chosen]}
      onChange={(names) => onChange(names.sort())}
    >
      <div className="portal-checks">
        {models.map(({ name, title }) => (
          <Checkbox key={name} value={name} label={title} size="xs" disabled={disabled} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
