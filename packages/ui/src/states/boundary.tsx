import { Component, type ReactNode } from 'react';
import { UnreachableFailure } from '../session/failure.ts';
import { ErrorState } from './states.tsx';

interface BoundaryProps {
  /** When this changes something else is drawn, and what failed before no longer counts. */
  place?: string;
  children: ReactNode;
}

interface BoundaryState {
  failed: { error: unknown } | null;
}

/** Browsers have words of their own for a part of the app that they could not fetch. */
const NOT_FETCHED = /import|preload/i;

function failureOf(error: unknown): unknown {
  const notFetched = error instanceof Error && NOT_FETCHED.test(error.message);
  return notFetched ? new UnreachableFailure(location.origin, { cause: error }) : error;
}

/**
 * What can't be drawn says so instead of leaving an empty page: most often a part of the app that could not be fetched,
 * because the network was gone for a moment or a newer version has taken its place. Trying again is loading the page.
 */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failed: { error } };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failed && before.place !== this.props.place) this.setState({ failed: null });
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    return <ErrorState error={failureOf(failed.error)} level={1} onRetry={() => location.reload()} />;
  }
}
