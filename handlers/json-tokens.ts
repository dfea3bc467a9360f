/**
 * Where the token of JSON that starts here ends: a string, a number, or else one character. For a text
 * that JSON.parse accepts, which drops what this is for: a name given twice, and how a number was written.
 */
export function tokenEnd(text: string, start: number): number {
  const first = text.charAt(start);
  let end = start + 1;
  if (first === '"') {
    while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === "\\" ? 2 : 1;
    return end + 1;
  }
  if (isNumber(first)) while ("0123456789+-.eE".includes(text.charAt(end) || " ")) end += 1;
  return end;
}

/** Of a token, or of its first character. */
export function isNumber(token: string): boolean {
  return token.startsWith("-") || (token >= "0" && token < ":");
}

/** What a token that is a string stands for. */
export function stringOf(token: string): string {
  return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
}
