/** The module of `product.wat` in its binary form, as the build assembles it. */
declare const bytes: Uint8Array<ArrayBuffer>;
export default bytes;
