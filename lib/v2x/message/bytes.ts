/** Numbers into bytes, little-endian, one after the other. */
export interface ByteWriter {
  u8(value: number): void;
  i8(value: number): void;
  u16(value: number): void;
  i16(value: number): void;
  u32(value: number): void;
  i32(value: number): void;
  f32(value: number): void;
  f64(value: number): void;
}

/** A writer over bytes of known length. Whole numbers are rounded and clipped to what they can hold. */
export function byteWriter(bytes: Uint8Array): ByteWriter {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const place = (size: number) => {
    at += size;
    return at - size;
  };
  const whole = (value: number, low: number, high: number) =>
    Math.min(high, Math.max(low, Math.round(value)));
  return {
    u8: (value) => view.setUint8(place(1), whole(value, 0, 0xff)),
    i8: (value) => view.setInt8(place(1), whole(value, -0x80, 0x7f)),
    u16: (value) => view.setUint16(place(2), whole(value, 0, 0xffff), true),
    i16: (value) => view.setInt16(place(2), whole(value, -0x8000, 0x7fff), true),
    u32: (value) => view.setUint32(place(4), whole(value, 0, 0xffffffff), true),
    i32: (value) => view.setInt32(place(4), whole(value, -0x80000000, 0x7fffffff), true),
    f32: (value) => view.setFloat32(place(4), value, true),
    f64: (value) => view.setFloat64(place(8), value, true),
  };
}

/** Numbers out of bytes that may end anywhere: `left` tells how many are still there. */
export interface ByteReader {
  left(): number;
  u8(): number;
  i8(): number;
  u16(): number;
  i16(): number;
  u32(): number;
  i32(): number;
  f32(): number;
  f64(): number;
  take(length: number): Uint8Array;
}

/** A reader; whoever reads more than is left gets a RangeError. */
export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const place = (size: number) => {
    at += size;
    return at - size;
  };
  return {
    left: () => bytes.length - at,
    u8: () => view.getUint8(place(1)),
    i8: () => view.getInt8(place(1)),
    u16: () => view.getUint16(place(2), true),
    i16: () => view.getInt16(place(2), true),
    u32: () => view.getUint32(place(4), true),
    i32: () => view.getInt32(place(4), true),
    f32: () => view.getFloat32(place(4), true),
    f64: () => view.getFloat64(place(8), true),
    take: (length) => bytes.subarray(place(length), at),
  };
}
