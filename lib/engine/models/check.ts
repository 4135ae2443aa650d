import { InputError } from '../../base/index.js';
import { decodeModel, type ModelProto } from '../onnx/proto.js';

/** Operators whose running time nothing in the file bounds. */
const unbounded: ReadonlySet<string> = new Set(['Loop', 'Scan']);
/** The number of TensorProto.DataLocation that says that a tensor's values are in another file. */
const external = 1;

/**
 * A model of bytes that are held hostile.
 * @param what names the file in messages
 * @throws InputError in one line when it is no ONNX model, takes values from other files, or has loops.
 */
export function checkedModel(bytes: Uint8Array, what: string): ModelProto {
  let model: ModelProto;
  try {
    model = decodeModel(bytes);
  } catch {
    throw new InputError(`${what}: ${bytes.length} bytes that are no ONNX model`);
  }
  if (!model.graph || model.opset_import.length === 0) {
    throw new InputError(`${what}: ${bytes.length} bytes that are no ONNX model`);
  }
  refuseStrangers(model, what);
  return model;
}

/** Walks all messages of the file: graphs may stand in attributes and functions, tensors in either. */
function refuseStrangers(message: unknown, what: string): void {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return;
  if (Array.isArray(message)) {
    if (typeof message[0] === 'object') for (const each of message) refuseStrangers(each, what);
    return;
  }
  const { data_location, external_data, op_type } = message as Record<string, unknown>;
  if (data_location === external || (external_data as unknown[] | undefined)?.length) {
    throw new InputError(`${what}: a tensor takes its values from another file; allowed: all values inside`);
  }
  if (unbounded.has(op_type as string)) {
    throw new InputError(`${what}: it has the operator ${op_type}; allowed: models without loops`);
  }
  for (const value of Object.values(message)) refuseStrangers(value, what);
}

/** What ONNX Runtime says when it refuses a model, as an InputError of one line. */
export function inOneLine<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = (error as Error).message.replace(/\s+/g, ' ').replace(/^.*Status Message: /, '');
    throw new InputError(`${what}: ONNX Runtime refuses it: ${reason.trim()}`);
  }
}
