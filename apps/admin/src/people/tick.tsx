import { Checkbox, CheckIcon } from '@mantine/core';

const { inner: INNER, input: INPUT, icon: ICON } = Checkbox.classes;

/** A row's box to tick: what `Checkbox` of size xs draws, without a label and what else it can do. */
export function Tick(props: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <div className="portal-tick">
      <div className={INNER}>
        <input
          type="checkbox"
          className={`mantine-focus-auto ${INPUT}`}
          aria-label={props.label}
          checked={props.isOn}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <CheckIcon className={ICON} />
      </div>
    </div>
  );
}
