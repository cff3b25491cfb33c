/**
 * What a table draws hundreds of times, as Mantine's own look but without what `Table.Tr`, `Table.Td` and buttons do
 * for each one: a list stands there in a third of the time. Only inside of a `Table`, which gives the spacing.
 */
import { Button, Table, UnstyledButton } from '@mantine/core';
import type { ComponentProps } from 'react';

const { tr: ROW, td: CELL } = Table.classes;
const BUTTON = `mantine-focus-auto ${UnstyledButton.classes.root}`;
const { root: SMALL, inner: SMALL_INNER, label: SMALL_LABEL } = Button.classes;
const RIGHT = { textAlign: 'right' } as const;

const classes = (own: string | undefined, given: string | undefined) => (given === undefined ? own : `${own} ${given}`);

export function Row({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr className={classes(ROW, className)} data-with-row-border {...rest} />;
}

interface CellProps extends Omit<ComponentProps<'td'>, 'style'> {
  /** For numbers. */
  isRight?: boolean;
}

export function Cell({ className, isRight = false, ...rest }: CellProps) {
  return <td className={classes(CELL, className)} {...(isRight && { style: RIGHT })} {...rest} />;
}

/** A button without a look of its own. */
export function PlainButton({ className, ...rest }: ComponentProps<'button'>) {
  return <button type="button" className={classes(BUTTON, className)} {...rest} />;
}

/** What `Button` of size xs and variant default draws. */
export function SmallButton({ className, children, ...rest }: ComponentProps<'button'>) {
  return (
    <PlainButton className={classes(`mantine-active cf-small-button ${SMALL}`, className)} {...rest}>
      <span className={SMALL_INNER}>
        <span className={SMALL_LABEL}>{children}</span>
      </span>
    </PlainButton>
  );
}
