// Sources and how well they came through: pictures and their files, PSNR, data sets.
export { type Batch, fromBatch, patches, toBatch } from './batch.js';
export { cifar10Classes, loadCifar10 } from './cifar10.js';
export {
  type DatasetDescriptor,
  type DatasetFile,
  type DatasetVariant,
  datasetNames,
  readDescriptor,
} from './dataset.js';
export { decodePicture, loadFolder, loadPicture, savePng, toPng } from './image-files.js';
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
