/** Maps that were asked for lately, up to a number of bytes; the latest one always stays. */
export class MapCache {
  private readonly maps = new Map<string, Float32Array>();
  private bytes = 0;

  constructor(private readonly maximumBytes: number) {}

  get(name: string): Float32Array | undefined {
    const map = this.maps.get(name);
    if (map !== undefined) {
      // A Map keeps the order of insertion: the first one is the one that was not used longest.
      this.maps.delete(name);
      this.maps.set(name, map);
    }
    return map;
  }

  add(name: string, map: Float32Array): void {
    this.bytes += map.byteLength - (this.maps.get(name)?.byteLength ?? 0);
    this.maps.delete(name);
    this.maps.set(name, map);
    for (const [oldest, { byteLength }] of this.maps) {
      if (this.bytes <= this.maximumBytes || oldest === name) {
        break;
      }
      this.maps.delete(oldest);
      this.bytes -= byteLength;
    }
  }
}
