// Sources and how well they came through: pictures and their files, PSNR, MS-SSIM, classical codecs, data sets.
export { type Batch, fromBatch, patches, toBatch } from './batch.js';
export { checkDataset, type DatasetReport } from './check-dataset.js';
export { cifar10Classes, loadCifar10 } from './cifar10.js';
export {
  bestWithin,
  type Chroma,
  type ClassicalCodec,
  type ClassicalSetting,
  classicalCodecs,
  decodeClassical,
  encodeClassical,
  encodeToBudget,
  type RatePoint,
  rateDistortion,
  separationPicture,
} from './classical.js';
export {
  type DatasetDescriptor,
  type DatasetFile,
  type DatasetVariant,
  datasetNames,
  readDescriptor,
} from './dataset.js';
export { decodePicture, loadFolder, loadPicture, savePng, toPng } from './image-files.js';
export { mosaic, unmosaic } from './mosaic.js';
export { msSsim, msSsimDb } from './ms-ssim.js';
export { photographs } from './photographs.js';
export {
  type Colour,
  crop,
  flatPicture,
  halve,
  meanColour,
  meanPicture,
  type Picture,
  type Rectangle,
  tiles,
} from './picture.js';
export { meanPsnr, mse, psnr, psnrOfMeanMse, psnrOfMse } from './psnr.js';
export { testPictures } from './test-pictures.js';
