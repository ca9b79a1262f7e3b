import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChild, type ComponentChildren } from 'preact';

// The toolkit is deprecated. Everything that views need of it is made here, so that another library
// can take its place without their noticing.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());

export interface ButtonProps {
  appearance: 'primary' | 'secondary';
  onClick: () => void;
  children: ComponentChildren;
}

/** A button that looks like the workbench's own. */
export function Button({
  appearance: emphasis,
  onClick: onPress,
  children,
}: ButtonProps): ComponentChild {
  return h('vscode-button', { appearance: emphasis, onClick: onPress }, children);
}

/** A ring that turns while something of unknown length goes on. Its meaning stands beside it. */
export function ProgressRing(): ComponentChild {
  return h('vscode-progress-ring', { 'aria-hidden': 'true' });
}
