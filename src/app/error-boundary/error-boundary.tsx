import { Component, type ReactNode } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import styles from './error-boundary.module.css';

interface Props {
  /** Changing it (a route) gives the screen another try. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: AppError | undefined;
}

/** A screen that fails leaves the rest of the page standing. React has no other way than a class. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: toAppError(error) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const details = `${error.code}: ${error.message}\n${error.stack ?? ''}`;
    return (
      <div className={styles.place}>
        <ErrorCard
          error={{ code: error.code, message: `This screen failed: ${error.message}` }}
          actions={
            <>
              <Button onClick={() => this.setState({ error: undefined })}>Try again</Button>
              <Button onClick={() => location.reload()}>Reload the page</Button>
              <Button variant="quiet" onClick={() => void navigator.clipboard.writeText(details)}>
                Copy details
              </Button>
            </>
          }
        />
      </div>
    );
  }
}
