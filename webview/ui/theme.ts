import { useLayoutEffect, useState } from 'preact/hooks';
import { parseColor, type Rgba } from '../chart/color';
import { themeColorMap, type ColorMap } from '../chart/colorMap';
import type { SignedColors } from '../chart/signedMap';

/** What views paint numbers with. */
interface NumberColors {
  /** From 0 to the largest. */
  sequential: ColorMap;
  signed: SignedColors;
}

/** The colour map of the theme that the workbench shows. Components that use it follow the theme. */
export function useColorMap(): ColorMap {
  return useNumberColors().sequential;
}

/** The same for numbers of both signs. */
export function useSignedColors(): SignedColors {
  return useNumberColors().signed;
}

function useNumberColors(): NumberColors {
  const [colors, setColors] = useState(() => (shared ??= readColors()));
  useLayoutEffect(() => {
    if (followers.size === 0) {
      watch.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
      watch.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    }
    followers.add(setColors);
    return () => {
      followers.delete(setColors);
      if (followers.size === 0) {
        watch.disconnect();
        cancelAnimationFrame(frame);
        shared = undefined;
      }
    };
  }, []);
  return colors;
}

/** Made once for all components. */
let shared: NumberColors | undefined;

const followers = new Set<(colors: NumberColors) => void>();

/**
 * The workbench writes the variables to the root element and the kind of theme to the body's
 * classes, one after the other; both make one change.
 */
const watch = new MutationObserver(() => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const colors = readColors();
    shared = colors;
    followers.forEach((follow) => follow(colors));
  });
});
let frame = 0;

/** Reads the colours of the theme that the workbench shows now. */
function readColors(): NumberColors {
  const variables = getComputedStyle(document.documentElement);
  const classes = document.body.classList;
  const light = classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
  const read = (fallback: Rgba, ...names: string[]) =>
    names
      .map((name) => parseColor(variables.getPropertyValue(name)))
      .find((color) => color !== undefined) ?? fallback;
  const theme = {
    background: read(light ? white : black, '--vscode-editor-background'),
    foreground: read(light ? black : white, '--vscode-editor-foreground', '--vscode-foreground'),
    highContrast: classes.contains('vscode-high-contrast'),
    accent: read(blue, '--vscode-charts-blue', '--vscode-focusBorder'),
  };
  // Of two greys nobody could tell which is which.
  const hued = { ...theme, highContrast: false, endsInHue: true };
  return {
    sequential: themeColorMap(theme),
    signed: {
      positive: themeColorMap(hued),
      negative: themeColorMap({ ...hued, accent: orange }),
      notFinite: read(
        theme.foreground,
        '--vscode-editorError-foreground',
        '--vscode-errorForeground',
      ),
    },
  };
}

const black: Rgba = { red: 0, green: 0, blue: 0, alpha: 1 };
const white: Rgba = { red: 1, green: 1, blue: 1, alpha: 1 };
/** The workbench's own default for `charts.blue` in dark themes. */
const blue: Rgba = { red: 0x37 / 255, green: 0x94 / 255, blue: 1, alpha: 1 };
/** Themes may have `charts.orange` nearly transparent. */
const orange: Rgba = { red: 0xd1 / 255, green: 0x86 / 255, blue: 0x16 / 255, alpha: 1 };
