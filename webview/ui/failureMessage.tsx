import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import './failureMessage.css';
import { Button } from './toolkit';
import { explain } from './translate';

/** A failure with, where it makes sense, a way to try again. */
export function FailureMessage({
  error,
  onRetry,
}: {
  error: unknown;
  onRetry?: () => void;
}): VNode {
  return <FailureNotice message={explain(error)} {...(onRetry && { onRetry })} />;
}

/** The same of a failure that is put into words already. */
export function FailureNotice({
  message,
  onRetry,
}: {
  message: string;
  onRetry?: () => void;
}): VNode {
  return (
    <section class="failure" role="alert">
      <p>{message}</p>
      {onRetry && (
        <Button appearance="secondary" onClick={onRetry}>
          {l10n.t('Try Again')}
        </Button>
      )}
    </section>
  );
}
