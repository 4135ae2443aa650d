import type { PictureDelivery } from 'semwave/jscc';
import { loadCifar10, mosaic, type Picture, testPictures, unmosaic } from 'semwave/source';

/** Pictures as they are judged, and as they are sent: one by one, or all as one mosaic. */
export interface Sources {
  judged: Picture[];
  sent: Picture[];
  /** What was delivered of each judged picture; the cost of a mosaic is shared equally. */
  judge(delivery: PictureDelivery): PictureDelivery;
}

export async function loadSources(config: {
  cifar: string;
  tiled: number;
  folder: string;
  images: number | 'all';
  tile: number;
}): Promise<Sources> {
  const { cifar, tiled, folder, images: count, tile } = config;
  if (cifar === '') return oneByOne(await testPictures({ folder, count, tile }));
  const { pictures } = loadCifar10(cifar, count === 'all' ? {} : { limit: count });
  return tiled === 0 ? oneByOne(pictures) : asMosaic(pictures, tiled);
}

const oneByOne = (pictures: Picture[]): Sources => ({
  judged: pictures,
  sent: pictures,
  judge: (delivery) => delivery,
});

function asMosaic(pictures: Picture[], columns: number): Sources {
  return {
    judged: pictures,
    sent: [mosaic(pictures, columns)],
    judge: (delivery) => {
      const share = (values: readonly number[]) => pictures.map(() => values[0]! / pictures.length);
      return {
        received: unmosaic(delivery.received[0]!, pictures),
        channelUses: share(delivery.channelUses),
        encodeSec: share(delivery.encodeSec),
        decodeSec: share(delivery.decodeSec),
        sideInformationBits: share(delivery.sideInformationBits),
      };
    },
  };
}
