import { Component, type ComponentChildren } from 'preact';
import { FailureMessage } from './failureMessage';

export interface BoundaryProps {
  /** What is shown within. Once it is something else, that is tried. */
  about: unknown;
  /** Gets what is shown anew. */
  onRetry?: () => void;
  children: ComponentChildren;
}

interface BoundaryState {
  about: unknown;
  error?: unknown;
}

/** Shows a failure in place of what cannot be drawn, so that the rest of the view goes on. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  static override getDerivedStateFromProps(
    { about }: BoundaryProps,
    state: BoundaryState,
  ): BoundaryState | null {
    return 'about' in state && state.about === about ? null : { about, error: undefined };
  }

  static override getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { error };
  }

  override render({ onRetry, children }: BoundaryProps): ComponentChildren {
    const { error } = this.state;
    return error === undefined ? (
      children
    ) : (
      <FailureMessage error={error} {...(onRetry && { onRetry })} />
    );
  }
}
