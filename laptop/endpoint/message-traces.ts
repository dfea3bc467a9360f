import { array, defaulted, optional, string, type, validate } from "superstruct";
import type { AwsCall } from "../aws-call";
import type { TracedMessages } from "../traces/messages";
import { parseTraceHeader, type TraceContext } from "../traces/trace-header";
import type { AwsResponse } from "./errors";

const systemAttributes = type({
  MessageSystemAttributes: optional(
    type({ AWSTraceHeader: optional(type({ StringValue: string() })) }),
  ),
});
const sendBatch = type({ Entries: array(type({ Id: string(), ...systemAttributes.schema })) });
const sent = type({ MessageId: string() });
const sentBatch = type({
  Successful: defaulted(array(type({ Id: string(), MessageId: string() })), []),
});
const names = defaulted(array(string()), []);
const receive = type({ AttributeNames: names, MessageSystemAttributeNames: names });
const received = type({ Messages: defaulted(array(type({ MessageId: string() })), []) });

type Perform = () => Promise<AwsResponse>;

/**
 * What fauxqs lacks: a message keeps the trace header with which it was sent (AWSTraceHeader), by SQS and SNS
 * alike. `context`: of the call's own header.
 */
export function makeMessageTraces(
  messages: TracedMessages,
): (call: AwsCall, context: TraceContext | undefined, perform: Perform) => Promise<AwsResponse> {
  /** A message can be received before the response to whoever has sent it is here. */
  const sending = new Set<Promise<unknown>>();

  async function send(perform: Perform, onSent: (response: AwsResponse) => void) {
    const performed = perform().then((response) => {
      if (response.status === 200) onSent(response);
      return response;
    });
    const ended = performed.catch(() => undefined);
    sending.add(ended);
    void ended.then(() => sending.delete(ended));
    return performed;
  }

  return async (call, context, perform) => {
    switch (`${call.service} ${call.action}`) {
      case "sqs SendMessage":
      case "sqs SendMessageBatch":
        return send(perform, (response) => noteSent(call, context, response, messages));
      case "sns Publish":
      case "sns PublishBatch":
        return send(perform, (response) => notePublished(context, response, messages));
      case "sqs ReceiveMessage": {
        const response = await perform();
        await Promise.all(sending);
        return noteReceived(call, response, messages);
      }
      default:
        return perform();
    }
  };
}

function noteSent(
  { action, resource, fields }: AwsCall,
  own: TraceContext | undefined,
  { body }: AwsResponse,
  messages: TracedMessages,
): void {
  const remember = (entry: unknown, messageId: string) => {
    const given = validate(entry, systemAttributes)[1]?.MessageSystemAttributes?.AWSTraceHeader;
    const context = parseTraceHeader(given?.StringValue) ?? own;
    if (context) messages.sent(resource, messageId, context);
  };
  const response: unknown = JSON.parse(body.toString());
  if (action === "SendMessage") {
    const [, result] = validate(response, sent);
    if (result) remember(fields, result.MessageId);
    return;
  }
  const [, { Entries = [] } = {}] = validate(fields, sendBatch);
  const [, { Successful = [] } = {}] = validate(response, sentBatch, { coerce: true });
  for (const { Id, MessageId } of Successful) {
    remember(
      Entries.find((entry) => entry.Id === Id),
      MessageId,
    );
  }
}

function notePublished(
  context: TraceContext | undefined,
  { body }: AwsResponse,
  messages: TracedMessages,
): void {
  if (!context) return;
  for (const [, id = ""] of body.toString().matchAll(/<MessageId>([^<]+)<\/MessageId>/g)) {
    messages.published(id, context);
  }
}

/** Adds the headers to the messages, where the call asks for them. */
function noteReceived(
  { resource, fields }: AwsCall,
  response: AwsResponse,
  messages: TracedMessages,
): AwsResponse {
  if (response.status !== 200) return response;
  const content = JSON.parse(response.body.toString()) as { Messages?: object[] };
  const [, { Messages = [] } = {}] = validate(content, received, { coerce: true });
  for (const { MessageId } of Messages) messages.received(resource, MessageId);
  const [, asked] = validate(fields, receive, { coerce: true });
  const wanted = [...(asked?.AttributeNames ?? []), ...(asked?.MessageSystemAttributeNames ?? [])];
  const isWanted = wanted.includes("All") || wanted.includes("AWSTraceHeader");
  if (!isWanted || Messages.every(({ MessageId }) => !messages.headerOf(MessageId))) {
    return response;
  }
  const { "content-length": _length, ...headers } = response.headers;
  const withHeaders = content.Messages?.map((message, i) => {
    const AWSTraceHeader = messages.headerOf(Messages[i]?.MessageId ?? "");
    const { Attributes = {} } = message as { Attributes?: object };
    return AWSTraceHeader ? { ...message, Attributes: { ...Attributes, AWSTraceHeader } } : message;
  });
  const body = Buffer.from(JSON.stringify({ ...content, Messages: withHeaders }));
  return { status: 200, headers, body };
}
