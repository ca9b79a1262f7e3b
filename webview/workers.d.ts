/** The bundled script of a worker, as text: pages of the workbench cannot load one by its address. */
declare module '*?worker' {
  const script: string;
  export default script;
}
