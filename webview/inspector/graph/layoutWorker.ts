import { layOut, type LayoutRequest } from './layout';

// Runs beside the page, which stays free to be panned and can end it.
addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => postMessage(layOut(data)));
