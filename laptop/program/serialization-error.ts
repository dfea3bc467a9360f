const RULE =
  "What a callback captures may be functions and JSON-like constants: make everything else inside its " +
  "callbackFactory (docs/handlers.md).";

/**
 * A sentence for the case that Pulumi cannot serialise a callback, with the captures that lead there but
 * without a stack trace of Pulumi's own code. Undefined for any other error.
 */
export function explainSerializationError(message: string): string | undefined {
  const paragraphs = message.split("\n\n");
  const chain = paragraphs.find((text) => text.includes("could not be serialized because"));
  const callback = /Error serializing ([^]*)/.exec(paragraphs[0] ?? "")?.[1];
  if (callback === undefined || chain === undefined) return undefined;
  const captured = /captured\s+(?:variable |module )?('[^']+')/.exec(chain)?.[1] ?? "something";
  const culprit = [...chain.matchAll(/function '[^']+'/g)].at(-1)?.[0];
  const isNative = culprit !== undefined && message.includes("[native code]");
  const reason = isNative ? `it leads to native code (${culprit})` : "Pulumi cannot serialise it";
  return [
    `The callback ${callback} cannot run in Lambda: it captures ${captured}, and ${reason}.`,
    RULE,
    chain,
  ].join("\n");
}
