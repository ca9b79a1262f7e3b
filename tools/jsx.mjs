// What esbuild makes of JSX: a view need not import it.
export { Fragment, h } from 'preact';
