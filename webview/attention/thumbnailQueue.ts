import type { Thumbnails } from '../../src/shared/attention';
import { asFailure, type Failure } from '../../src/shared/failure';

/** A layer whose thumbnails are wanted. */
interface Wanted {
  site: string;
  take: (thumbnails: Thumbnails) => void;
}

/**
 * Fetches the thumbnails of layers that have come into sight, one layer after the other, so that a head
 * is never kept waiting behind all of them.
 */
export class ThumbnailQueue {
  private readonly wanted: Wanted[] = [];
  private readonly waiting = new Map<Element, Wanted>();
  private readonly visibility = new IntersectionObserver((entries) => this.see(entries));
  private isLoading = false;
  private hasFailed = false;
  private isClosed = false;

  /**
   * @param fetch asks for the thumbnails of a site
   * @param tell hears of a failure, at which the queue stops, and of its end
   */
  constructor(
    private readonly fetch: (site: string) => Promise<Thumbnails>,
    private readonly tell: (failure: Failure | undefined) => void,
  ) {}

  /**
   * Fetches the thumbnails of a site once its row comes into sight.
   *
   * @returns gives up watching the row
   */
  want(row: Element, site: string, take: (thumbnails: Thumbnails) => void): () => void {
    this.waiting.set(row, { site, take });
    this.visibility.observe(row);
    return () => this.unwatch(row);
  }

  /** Goes on after a failure. */
  async load(): Promise<void> {
    if (this.isLoading) {
      return;
    }
    this.isLoading = true;
    this.hasFailed = false;
    this.tell(undefined);
    for (let next = this.wanted[0]; next !== undefined; next = this.wanted[0]) {
      try {
        const thumbnails = await this.fetch(next.site);
        if (this.isClosed) {
          return;
        }
        next.take(thumbnails);
        this.wanted.shift();
      } catch (error) {
        if (!this.isClosed) {
          this.hasFailed = true;
          this.tell(asFailure(error));
        }
        break;
      }
    }
    this.isLoading = false;
  }

  /** Answers that come later are left unused. */
  close(): void {
    this.isClosed = true;
    this.visibility.disconnect();
  }

  private see(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const wanted = this.waiting.get(target);
      if (isIntersecting && wanted !== undefined) {
        this.unwatch(target);
        this.wanted.push(wanted);
      }
    }
    if (!this.hasFailed) {
      void this.load();
    }
  }

  private unwatch(row: Element): void {
    this.waiting.delete(row);
    this.visibility.unobserve(row);
  }
}
