/** Convolutional codes and their soft-decision decoder. */
export { type ConvolutionalOptions, convolutionalCode } from './convolutional.js';
export { type DistanceSpectrum, distanceSpectrum } from './spectrum.js';
