import { parseColor, type Rgba } from './color';
import { themeColorMap, type ColorMap } from './colorMap';

/** Reads the colour map of the theme that the workbench shows now. */
export function readColorMap(): ColorMap {
  const variables = getComputedStyle(document.documentElement);
  const classes = document.body.classList;
  const light = classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
  const read = (fallback: Rgba, ...names: string[]) =>
    names
      .map((name) => parseColor(variables.getPropertyValue(name)))
      .find((color) => color !== undefined) ?? fallback;
  return themeColorMap({
    background: read(light ? white : black, '--vscode-editor-background'),
    foreground: read(light ? black : white, '--vscode-editor-foreground', '--vscode-foreground'),
    accent: read(blue, '--vscode-charts-blue', '--vscode-focusBorder'),
    highContrast: classes.contains('vscode-high-contrast'),
  });
}

/**
 * Calls back after the theme has changed. The workbench writes the variables to the root element
 * and the kind of theme to the body's classes, one after the other; both make one call.
 *
 * @returns ends it
 */
export function watchTheme(onChange: () => void): () => void {
  let frame = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(onChange);
  });
  observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

const black: Rgba = { red: 0, green: 0, blue: 0, alpha: 1 };
const white: Rgba = { red: 1, green: 1, blue: 1, alpha: 1 };
/** The workbench's own default for `charts.blue` in dark themes. */
const blue: Rgba = { red: 0x37 / 255, green: 0x94 / 255, blue: 1, alpha: 1 };
