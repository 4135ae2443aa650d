import { param } from 'semwave/pipeline';

/** Which pictures are sent, and how fast: knobs that experiments on pictures share. */
export const pictureParams = {
  images: param.count({ default: 'all', about: 'test pictures or tiles' }),
  tile: param.integer({
    default: 256,
    min: 0,
    max: 4096,
    unit: 'pixels',
    about: 'side of a test tile, a multiple of 8; 0: whole pictures',
  }),
  folder: param.text({
    default: '',
    about: 'folder of PNG, JPEG or WebP test pictures; empty: the held-out photographs',
  }),
};

/** What experiments over fading channels add. */
export const linkParams = {
  draws: param.integer({ default: 20, min: 1, max: 1000, about: 'fades a picture, where the channel fades' }),
  symbolRate: param.number({
    default: 1e6,
    min: 1,
    max: 1e12,
    unit: 'symbols/s',
    about: 'complex symbols a second on air',
  }),
};
