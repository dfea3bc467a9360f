/**
 * SNS lets a publisher send one text for each protocol (MessageStructure "json"); fauxqs does not
 * know that. Everything that it delivers on the laptop goes to queues and functions, which get the
 * default text: puts that in its place in a Publish call's form body. Undefined: SNS refuses it.
 */
export function chooseMessage(body: Buffer): Buffer | undefined {
  const form = new URLSearchParams(body.toString());
  if (form.get("MessageStructure") !== "json") return body;
  const text = defaultText(form.get("Message") ?? "");
  if (text === undefined) return undefined;
  form.set("Message", text);
  form.delete("MessageStructure");
  return Buffer.from(form.toString());
}

function defaultText(message: string): string | undefined {
  try {
    const texts = JSON.parse(message) as Record<string, unknown> | null;
    return typeof texts?.["default"] === "string" ? texts["default"] : undefined;
  } catch {
    return undefined;
  }
}
