import type { PageReport } from '../../../shared/inspector';

/** What a report says beside what is on the page. */
export interface ReportWords {
  title: string;
  /** What made it, and when. */
  origin: string;
  /** Of the page, a BCP 47 tag. */
  language: string;
}

/**
 * A document that needs nothing but itself: the page of the inspector as it was, in the colours of the theme
 * that it had. Nothing in it runs, and nothing is fetched.
 * @param css the style sheet of the view.
 */
export function reportDocument(
  { html, width, themeClasses, variables }: PageReport,
  css: string,
  { title, origin, language }: ReportWords,
): string {
  const used = new Set(css.match(/--vscode-[\w-]+/g));
  const colors = Object.entries(variables)
    .filter(([name, value]) => used.has(name) && !/[{};<]/.test(value))
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ');
  const classes = themeClasses.filter((name) => /^[\w-]+$/.test(name)).join(' ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { ${colors} }
${css.replaceAll('</', '<\\/')}
main, footer { margin: 0 auto; width: ${width}px; }
footer { box-sizing: border-box; padding: 0 24px 24px; }
</style>
</head>
<body class="${classes}">
<main id="root">${html}</main>
<footer class="quiet">${escaped(origin)}</footer>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
