/**
 * A value from a file, quoted for a message: short, on one line, and without characters that could move the
 * cursor or turn the text of a terminal.
 */
export function brief(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).slice(0, 200);
  const plain = text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return plain.length > 80 ? `${plain.slice(0, 77)}...` : plain;
}
