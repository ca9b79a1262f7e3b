import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';

// The toolkit is deprecated. Everything that views need of it is made here, so that another library
// can take its place without their noticing.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());

/** A button that looks like the workbench's own. */
export function createButton(
  label: string,
  emphasis: 'primary' | 'secondary',
  onPress: () => void,
): HTMLElement {
  const button = document.createElement('vscode-button');
  button.setAttribute('appearance', emphasis);
  button.textContent = label;
  button.addEventListener('click', onPress);
  return button;
}

/** A ring that turns while something of unknown length goes on. Its meaning stands beside it. */
export function createProgressRing(): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-hidden', 'true');
  return ring;
}
