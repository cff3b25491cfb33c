import type { ReactNode } from 'react';
import './charts.css';

export interface BarListItem {
  id: string;
  /** The name, as a link where there is something behind it. */
  label: ReactNode;
  /** Only drawn, against the largest. */
  size: number;
  text: ReactNode;
  /** Beside the value, smaller: "38 %", "12 requests". */
  note?: ReactNode;
  /** A CSS colour; absent: the accent. */
  colour?: string;
}

/** Who or what comes first: a name, a value and a bar each, to be read as a table. */
export function BarList(props: {
  items: readonly BarListItem[];
  label: string;
  nameHeading: string;
  valueHeading: string;
}) {
  const largest = Math.max(...props.items.map(({ size }) => size), 0);
  return (
    <table className="cf-bar-list" aria-label={props.label}>
      <thead className="cf-visually-hidden">
        <tr>
          <th scope="col">{props.nameHeading}</th>
          <th scope="col">{props.valueHeading}</th>
        </tr>
      </thead>
      <tbody>
        {props.items.map(({ id, label, size, text, note, colour }) => (
          <tr key={id}>
            <th scope="row">
              {label}
              <span className="cf-bar-track" aria-hidden>
                <span
                  style={{
                    width: `${largest > 0 && size > 0 ? Math.max(1, (size / largest) * 100) : 0}%`,
                    ...(colour && { background: colour }),
                  }}
                />
              </span>
            </th>
            <td className="cf-number">
              {text}
              {note !== undefined && <span className="cf-bar-note">{note}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
